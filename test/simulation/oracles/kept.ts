import { eventsOf } from '../history.ts';
import { MAY_LOSE } from '../world/app.ts';
import type { Intent } from '../world/intent.ts';
import { isGivenUp } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** What was said to be stored was carried out, let go by its owner, or still stands in an outbox for all to see. */
export const kept: Oracle = {
  invariant: 'I2',
  promise: 'No durably queued write vanishes',
  judge({ events, tickets, listed, restored, commits }) {
    const putBack = eventsOf(events, 'rolledBack');
    const puts = commits.flatMap((commit) => commit.puts);
    const standing = new Set([...listed.values()].flatMap((outbox) => outbox.map(({ ticket }) => ticket)));
    return [...tickets.values()].flatMap((file) => {
      const { ticket, entity, intent } = file;
      if (file.durable === null || file.settled !== null || file.commits.length > 0 || isGivenUp(file) || standing.has(ticket)) return [];
      // Applied, and then taken back by a restored backup, which nobody was told of: the record was done with.
      if (restored.some((order) => order > file.made)) return [];
      // Refused, and its maker told; a disk of before that sends it once more, and the server says no more than that it is settled.
      const told = file.failed[0]?.order ?? Number.POSITIVE_INFINITY;
      if (putBack.some(({ device, order }) => device === file.device && order > told)) return [];
      // Its answer may have come to a tab that nobody waited in any more: then the log, or its needlessness, has the last word.
      const versions = puts.flatMap((put) => (put.entity === entity ? [put.after] : []));
      if (file.deliveries.length > 0 && isNeedless(intent, versions)) return [];
      return [
        {
          figure: 'lost' as const,
          says: `${ticket} (${intent.kind} of ${entity}) was stored in ${file.tab}, and is now neither done, nor waiting, nor given up`,
          about: [ticket, entity],
        },
      ];
    });
  },
};

/**
 * What may rightly leave no trace of its own: a delete of what is deleted, a value that was there. A text is nobody else's: where it
 * stands, another write of its maker's brought it, one put on top of a deleted entity as it was on screen. Judged by I1 where it was
 * acknowledged.
 */
function isNeedless({ kind, set }: Intent, versions: readonly Readonly<Record<string, unknown>>[]): boolean {
  return (
    kind === 'delete' ||
    Object.entries(set).every(
      ([field, value]) =>
        MAY_LOSE.has(field) ||
        typeof value !== 'string' ||
        !value.includes('text ') ||
        versions.some((version) => version[field] === value),
    )
  );
}
