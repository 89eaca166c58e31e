import { ErrorCode } from '../../../schema/protocol.ts';
import { type Decided, eventsOf } from '../history.ts';
import { groupBy } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** However often it was sent, a mutation has one effect. */
export const once: Oracle = {
  invariant: 'I3',
  promise: 'Exactly once',
  judge({ events, tickets, commits, deliveries, ticketOf }) {
    const doubted = new Set(
      eventsOf(events, 'answered').flatMap(({ delivery, body }) => (body.includes(ErrorCode.IDEMPOTENCY_KEY_REUSED) ? [delivery] : [])),
    );
    const twice = [...tickets.values()].flatMap(({ ticket, entity, intent, commits: done, decided, unmade, deliveries: sent }) => {
      // Whether it was done already nobody could tell, and so a person decided that it be done.
      const isDoubted = sent.some(({ number }) => doubted.has(number));
      // A choice or an edit makes another write of it; each of those is one.
      const another: readonly Decided[] = isDoubted ? ['edit', 'value', 'local', 'retry'] : ['edit', 'value', 'local'];
      const allowed = 1 + decided.filter(({ how }) => another.includes(how)).length;
      // After a disk was put back, what it decided since is decided anew, and may come to another write.
      if (done.length <= allowed || unmade) return [];
      return [
        {
          figure: 'duplicated' as const,
          says: `${ticket} (${intent.kind} of ${entity}) took effect ${done.length} times`,
          about: [ticket, entity],
        },
      ];
    });
    const effects = groupBy(
      commits.filter(({ puts, delivery }) => puts.length > 0 && identityOf(delivery) !== null),
      ({ delivery }) => identityOf(delivery) as string,
    );
    const again = [...effects].flatMap(([identity, done]) => {
      if (done.length <= 1) return [];
      const about = [...new Set(done.map(({ delivery }) => ticketOf(delivery) ?? ''))];
      return [{ figure: 'duplicated' as const, says: `mutation ${identity} took effect ${done.length} times`, about }];
    });
    return twice.length > 0 ? twice : again;

    function identityOf(delivery: number | null): string | null {
      const identity = delivery === null ? null : deliveries.get(delivery)?.identity;
      return identity ? `${identity.clientId} ${identity.mutationId}` : null;
    }
  },
};
