import { eventsOf } from '../history.ts';
import type { Evidence } from './evidence.ts';
import type { Oracle } from './oracle.ts';

interface Grant {
  readonly entity: string;
  readonly user: string | null;
  readonly token: number;
  /** Order of the event by which the server had told of it. */
  readonly order: number;
}

/** What was written under a lease was written under the last one that was given; and no lease has a smaller token than one before. */
export const fenced: Oracle = {
  invariant: 'I12',
  promise: 'Fencing tokens are checked by the write',
  judge(evidence) {
    const { events, commits, deliveries, restored } = evidence;
    const grants = grantsOf(evidence);
    const orders = new Map(eventsOf(events, 'committed').map(({ commit, order }) => [commit, order]));
    // What a restored backup has forgotten nobody can be held to.
    const isForgotten = (from: number, to: number): boolean => restored.some((at) => at > from && at < to);

    const late = commits.flatMap((commit) => {
      const delivery = commit.delivery === null ? undefined : deliveries.get(commit.delivery);
      const token = delivery?.identity?.lease ?? null;
      const id = (delivery?.variables.input as { readonly id?: unknown } | undefined)?.id;
      const put = commit.puts.find(({ after }) => after.id === id);
      if (token === null || put === undefined) return [];
      const at = orders.get(commit) ?? 0;
      const about = [put.entity, ...(commit.ticket === null ? [] : [commit.ticket])];
      const newer = grants.find(
        (grant) => grant.entity === put.entity && grant.token > token && grant.order < at && !isForgotten(grant.order, at),
      );
      if (newer === undefined) return [];
      const says = `commit ${commit.index} writes ${put.entity} under token ${token}, after ${newer.token} was given to ${newer.user}`;
      return [{ figure: 'other' as const, says, about }];
    });
    const small = grants.flatMap((grant, index) => {
      const before = grants.slice(0, index).find(({ entity, token }) => entity === grant.entity && token >= grant.token);
      if (before === undefined || isForgotten(before.order, grant.order)) return [];
      return [
        {
          figure: 'other' as const,
          says: `token ${grant.token} of ${grant.entity} was given after ${before.token}`,
          about: [grant.entity],
        },
      ];
    });
    return [...late, ...small];
  },
};

/** As the server answered, heard or not. */
function grantsOf({ events, deliveries }: Evidence): readonly Grant[] {
  return eventsOf(events, 'answered').flatMap(({ delivery: number, body, order }): readonly Grant[] => {
    const delivery = deliveries.get(number);
    if (delivery?.operation !== 'AcquireLease') return [];
    const { data } = JSON.parse(body) as { readonly data?: { readonly lease?: { readonly fencingToken?: unknown } | null } | null };
    const token = data?.lease?.fencingToken;
    const { typename, id } = delivery.variables;
    return typeof token === 'number' ? [{ entity: `${String(typename)}:${String(id)}`, user: delivery.user, token, order }] : [];
  });
}
