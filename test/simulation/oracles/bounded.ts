import { eventsOf } from '../history.ts';
import type { Oracle } from './oracle.ts';

/** What the server keeps for a client is no more than what that client has not yet said to be settled. */
export const bounded: Oracle = {
  invariant: 'I16',
  promise: 'Bounded state',
  judge({ events, commits, deliveries, rest, restored }) {
    // A server that was put back keeps what it had been told of long ago, and nobody tells it again.
    if (restored.length > 0) return [];
    const settled = new Map<string, number>();
    /** Nobody can say of a client that it is gone for ever: where it was copied it may live on. What came until then is settled. */
    const highest = new Map<string, number>();
    // What a server died of, or did not understand, it has not been told.
    const heard = eventsOf(events, 'answered').filter(({ status, body }) => status < 400 && !body.includes('UNSUPPORTED_PROTOCOL'));
    for (const { delivery } of heard) {
      const { clientId = null, identity = null, acked = 0, retired = [], user = null } = deliveries.get(delivery) ?? {};
      if (clientId === null || user === null) continue;
      const client = `${user} ${clientId}`;
      highest.set(client, Math.max(highest.get(client) ?? 0, identity?.mutationId ?? 0));
      settled.set(client, Math.max(settled.get(client) ?? 0, acked));
      for (const other of retired) settled.set(`${user} ${other}`, highest.get(`${user} ${other}`) ?? 0);
    }
    const results = new Map<string, Set<number>>();
    for (const { results: stored, delivery } of commits) {
      const user = delivery === null ? null : deliveries.get(delivery)?.user;
      for (const result of stored) {
        const [clientId = '', mutationId] = result.split(' ');
        const client = `${user} ${clientId}`;
        if (Number(mutationId) > (settled.get(client) ?? 0))
          results.set(client, (results.get(client) ?? new Set()).add(Number(mutationId)));
      }
    }
    return [...rest.kept].flatMap(([client, count]) => {
      const expected = results.get(client)?.size ?? 0;
      if (count <= expected) return [];
      return [
        {
          figure: 'other' as const,
          says: `the server keeps ${count} answers for ${client}, ${expected} of which are not settled`,
          about: [],
        },
      ];
    });
  },
};
