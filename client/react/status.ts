import { useCallback, useSyncExternalStore } from 'react';
import type { ConflictRecord, OutboxRecord, PendingState } from '../outbox/view.ts';
import type { OfflineStatus } from '../status.ts';
import { useOffline } from './provider.ts';

/** Connection, counts and last sync; re-renders when one of them changes. */
export function useOfflineStatus(): OfflineStatus {
  const { status } = useOffline();
  return useSyncExternalStore(status.subscribe, status.get, status.get);
}

/** Everything in the outbox, in the order made. Snapshots are frozen; an unchanged record keeps its identity. */
export function useOutbox(): readonly OutboxRecord[] {
  const { outbox } = useOffline();
  return useSyncExternalStore(outbox.subscribe, outbox.records, outbox.records);
}

/** Conflicts that wait for a person. */
export function useConflicts(): readonly ConflictRecord[] {
  const { conflicts } = useOffline();
  return useSyncExternalStore(conflicts.subscribe, conflicts.records, conflicts.records);
}

/**
 * Whether this row waits: the most pressing state of the records that write it, or null. Re-renders only when that changes.
 * Takes an object with `__typename` and `id`, or a cache id such as `Todo:1`.
 */
export function usePending(entity: { readonly __typename?: string | undefined; readonly id: string } | string): PendingState | null {
  const { outbox } = useOffline();
  const id = typeof entity === 'string' ? entity : `${entity.__typename}:${entity.id}`;
  const get = useCallback(() => outbox.stateOf(id), [outbox, id]);
  return useSyncExternalStore(outbox.subscribe, get, get);
}
