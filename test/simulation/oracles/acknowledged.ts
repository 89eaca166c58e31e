import type { Row } from '../../../server/index.ts';
import { MAY_LOSE } from '../world/app.ts';
import { type Evidence, meantBy, same, type TicketFile } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** What was acknowledged is in the log, or was there already when the server answered. */
export const acknowledged: Oracle = {
  invariant: 'I1',
  promise: 'No acknowledged write is lost',
  judge(evidence) {
    return [...evidence.tickets.values()].flatMap((file) => {
      if (file.settled === null || file.commits.length > 0 || isHistoryLost(evidence, file)) return [];
      if (wasSoAlready(evidence, file)) return [];
      // At a copy of its device it was let go: here no more is known than that it is settled.
      if (file.decided.some(({ device, how }) => device !== file.device && (how === 'remote' || how === 'discard'))) return [];
      const { ticket, entity, intent } = file;
      return [
        {
          figure: 'lost' as const,
          says: `${ticket} (${intent.kind} of ${entity}) was acknowledged to ${file.tab}, and the server never did it`,
          about: [ticket, entity],
        },
      ];
    });
  },
};

/** The database was put back to a time before it: that is the operator's loss, not ours. */
function isHistoryLost({ restored }: Evidence, file: TicketFile): boolean {
  return restored.some((order) => order > file.made);
}

/** Nothing had to be written: at some moment of its deliveries the entity was as it wanted it to be. */
function wasSoAlready(evidence: Evidence, file: TicketFile): boolean {
  const meant = meantBy(file, file.device, evidence);
  const first = file.deliveries[0];
  if (first === undefined) return false;
  return statesSince(evidence, file.entity, first.number).some((row) => {
    if (meant.kind === 'delete') return row?._deleted === true;
    if (row === null || row._deleted) return false;
    const plain = Object.entries(meant.set).every(
      ([field, value]) => same(row[field], value) || same(meant.seen?.[field], value) || MAY_LOSE.has(field),
    );
    const counts = Object.values(meant.add).every((by) => by === 0);
    const has = (field: string, item: string): boolean => (row[field] as readonly string[]).includes(item);
    const joined = Object.entries(meant.join).every(([field, items]) => items.every((item) => has(field, item)));
    const left = Object.entries(meant.leave).every(([field, items]) => items.every((item) => !has(field, item)));
    return plain && counts && joined && left;
  });
}

/** The row of an entity when a request arrived, and after every commit since. */
function statesSince({ events, commits }: Evidence, entity: string, delivery: number): readonly (Row | null)[] {
  const arrived = events.find((event) => event.kind === 'arrived' && event.delivery.number === delivery)?.order ?? 0;
  const orders = new Map(events.flatMap((event) => (event.kind === 'committed' ? [[event.commit, event.order] as const] : [])));
  let at: Row | null = null;
  const since: (Row | null)[] = [];
  for (const commit of commits) {
    const put = commit.puts.find((each) => each.entity === entity);
    if (put === undefined) continue;
    if ((orders.get(commit) ?? 0) < arrived) at = put.after;
    else since.push(put.after);
  }
  return [at, ...since];
}
