import { eventsOf } from '../history.ts';
import type { Delivery } from '../world/commit-log.ts';
import type { Oracle } from './oracle.ts';

/** Nobody's record is sent as somebody else, and no answer shows what its reader may not read. */
export const personal: Oracle = {
  invariant: 'I14',
  promise: 'No record is sent as another user; no payload shows what its reader may not read',
  judge({ events, deliveries, tickets, ticketOf }) {
    const strangers = [...deliveries.values()].flatMap(({ number, user, tab }) => {
      const file = tickets.get(ticketOf(number) ?? '');
      if (file === undefined || user === null || file.user === user) return [];
      return [{ figure: 'other' as const, says: `${file.ticket} of ${file.user} was sent from ${tab} as ${user}`, about: [file.ticket] }];
    });

    /** By list: who may see it, as the last commit left it. */
    const audience = new Map<string, readonly string[]>();
    const names = new Map<string, string>();
    const leaks = events.flatMap((event) => {
      if (event.kind === 'committed') {
        for (const { entity, after } of event.commit.puts) {
          if (after.__typename !== 'List') continue;
          audience.set(entity, after.audience as readonly string[]);
          names.set(String(after.name), entity);
        }
      }
      if (event.kind !== 'answered') return [];
      const { user, tab, number } = deliveries.get(event.delivery) as Delivery;
      // What it says of its own list it says to its author; what it may not see is known by its name.
      return [...names].flatMap(([name, entity]) => {
        const may = audience.get(entity) ?? [];
        if (user === null || may.length === 0 || may.includes(user) || !event.body.includes(`"name":${JSON.stringify(name)}`)) return [];
        if (isRepeat(event.delivery)) return [];
        return [
          {
            figure: 'other' as const,
            says: `${tab} was answered with ${entity}, which ${user} may not read (request ${number})`,
            about: [entity],
          },
        ];
      });
    });
    return [...strangers, ...leaks];

    /** The stored answer of an earlier delivery is the answer of then, when its reader might read it. */
    function isRepeat(number: number): boolean {
      const identity = deliveries.get(number)?.identity;
      if (!identity) return false;
      return eventsOf(events, 'answered').some(({ delivery }) => {
        const other = deliveries.get(delivery);
        return delivery < number && other?.identity?.clientId === identity.clientId && other.identity.mutationId === identity.mutationId;
      });
    }
  },
};
