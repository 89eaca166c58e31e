import { holdsIdentity, type MutationRecord } from './record.ts';

/** Which mutation ids of which clients are settled here, so that the server may forget their answers, and which may not be. */
export interface Identities {
  /** A client that storage knows. */
  add(clientId: string): void;
  seen(record: MutationRecord): void;
  /** Everything that storage has has been read: what is missing below these is settled. `unread`: values that this release cannot read. */
  loaded(records: readonly MutationRecord[], unread: readonly unknown[]): void;
  /** Whether every id before its own is known here; if not, a message of another tab was lost. */
  follows(record: MutationRecord): boolean;
  ackedThrough(clientId: string, held: readonly MutationRecord[]): number;
  /** Clients that are known, this session's own excepted. */
  others(): readonly string[];
  /** The session of this client is over. */
  leave(clientId: string): void;
  /** Clients that are gone and have no record left. */
  retired(held: readonly MutationRecord[]): readonly string[];
  forget(clientId: string): void;
}

export function createIdentities(own: string): Identities {
  /** The mutation id up to which every record of a client has been here. */
  const known = new Map<string, number>();
  /** A release that can read these may yet send them: the id before the first of each client. */
  let unreadable: ReadonlyMap<string, number> = new Map();
  const gone = new Set<string>();

  return {
    add: (client) => void known.set(client, known.get(client) ?? 0),
    seen({ clientId, mutationId }) {
      const through = known.get(clientId) ?? 0;
      // All of this session's own records come by here; those of other tabs come by messages, which may be lost.
      known.set(clientId, clientId === own || mutationId === through + 1 ? Math.max(through, mutationId) : through);
    },
    loaded(records, unread) {
      for (const { clientId, mutationId } of records) known.set(clientId, Math.max(known.get(clientId) ?? 0, mutationId));
      unreadable = heldUnread(unread);
    },
    follows: ({ clientId, mutationId }) => mutationId <= (known.get(clientId) ?? 0) + 1,
    ackedThrough(client, held) {
      let through = Math.min(known.get(client) ?? 0, unreadable.get(client) ?? Number.POSITIVE_INFINITY);
      for (const record of held)
        if (record.clientId === client && holdsIdentity(record)) through = Math.min(through, record.mutationId - 1);
      return through;
    },
    others: () => [...known.keys()].filter((client) => client !== own),
    leave: (client) => void gone.add(client),
    retired(held) {
      if (gone.size === 0) return [];
      const busy = new Set([...unreadable.keys(), ...held.map(({ clientId }) => clientId)]);
      return [...gone].filter((client) => known.has(client) && !busy.has(client));
    },
    forget: (client) => void known.delete(client),
  };
}

/** The idempotency keys of unreadable records, as far as they can be made out. */
function heldUnread(values: readonly unknown[]): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const value of values) {
    const { clientId, mutationId } = (value ?? {}) as Partial<MutationRecord>;
    if (typeof clientId !== 'string') continue;
    const before = typeof mutationId === 'number' ? Math.max(0, mutationId - 1) : 0;
    held.set(clientId, Math.min(held.get(clientId) ?? before, before));
  }
  return held;
}
