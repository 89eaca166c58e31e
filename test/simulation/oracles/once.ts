import { groupBy } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** However often it was sent, a mutation has one effect. */
export const once: Oracle = {
  invariant: 'I3',
  promise: 'Exactly once',
  judge({ tickets, commits, deliveries, ticketOf }) {
    const twice = [...tickets.values()].flatMap(({ ticket, entity, intent, commits: done, decided, unmade }) => {
      // A choice or an edit makes another write of it; each of those is one.
      const allowed = 1 + decided.filter(({ how }) => how === 'edit' || how === 'value' || how === 'local').length;
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
