import type { LeaseEngine } from './engine.ts';
import type { Layer } from './layer.ts';
import type { StoredLease } from './store.ts';

export function createMemoryLeases(layer: () => Layer): LeaseEngine & { endLeasesOf(user: string, clientId: string): void } {
  const keyOf = ({ typename, id }: Pick<StoredLease, 'typename' | 'id'>): string => JSON.stringify([typename, id]);
  const all = () => [...layer().values('lease')] as readonly StoredLease[];
  const remove = (gone: readonly StoredLease[]): number => {
    for (const lease of gone) layer().set('lease', keyOf(lease), undefined);
    return gone.length;
  };
  const named = (token: number) => all().find((lease) => lease.token === token) ?? null;

  return {
    findLease: (which) =>
      'token' in which ? named(which.token) : ((layer().get('lease', keyOf(which)) as StoredLease | undefined) ?? null),
    grantLease(lease, atLeast) {
      const last = (layer().get('meta', 'fencing') as number | undefined) ?? 0;
      const granted = { ...lease, token: Math.max(last + 1, atLeast) };
      layer().set('meta', 'fencing', granted.token);
      layer().set('lease', keyOf(lease), granted);
      return granted;
    },
    extendLease(token, expiresAt) {
      const lease = named(token);
      if (lease !== null) layer().set('lease', keyOf(lease), { ...lease, expiresAt });
    },
    endLease: (token) => void remove(all().filter((lease) => lease.token === token)),
    endLeasesOf: (user, clientId) => void remove(all().filter((lease) => lease.user === user && lease.clientId === clientId)),
    countLeases: (user, after) => all().filter((lease) => lease.user === user && lease.expiresAt > after).length,
    collectLeases: (before) => remove(all().filter(({ expiresAt }) => expiresAt < before)),
  };
}
