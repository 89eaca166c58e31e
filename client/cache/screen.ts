import type { DocumentNode } from 'graphql';
import { parseDocument } from '../outbox/document.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { inputOf, type MutationRecord } from '../outbox/record.ts';
import type { Cancel, Clock } from '../ports.ts';
import { entityKey, readEntity, writeEntity } from './entity.ts';
import { removeFromLists } from './lists.ts';
import type { OfflineCache } from './offline-cache.ts';
import { type OptimisticContext, OptimisticResponseThrew, pendingUpdate } from './optimistic.ts';
import { createPace } from './pace.ts';
import { placeNamed } from './place-named.ts';
import { relist } from './relist.ts';
import { writeResult } from './result.ts';

/** What people see: the cache with the outbox on top of it. Replay's port to the cache. */
export interface CacheScreen {
  read(typename: string, id: string): Readonly<Record<string, unknown>> | null;
  together<T>(run: () => T): T;
  acknowledge(record: MutationRecord): void;
  /** Whether the server has told of an entity, as far as the cache remembers. */
  isKnown(typename: string, id: string): boolean;
  refresh(typename: string, entity: Readonly<Record<string, unknown>>): void;
  /** What the server had of a parked conflict is what is so: also that the entity is gone. */
  takeRemote(record: MutationRecord): void;
  flush(): Promise<void>;
  /** Shows every record of the outbox from now on. */
  start(): Cancel;
}

export function createScreen(
  deps: {
    readonly cache: OfflineCache;
    readonly outbox: Pick<Outbox, 'records' | 'size' | 'subscribe'>;
    readonly clock: Clock;
    readonly flush: () => Promise<void>;
    /** The document as it was sent, conflict and entity selections included. */
    readonly complete: (document: DocumentNode) => DocumentNode;
    readonly onEvent: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
  },
  context: OptimisticContext,
): CacheScreen {
  const { cache, outbox, clock, flush, complete, onEvent } = deps;
  const { manifest } = context;
  const pace = createPace({ cache, clock, pending: () => outbox.size });

  /** Records that something was said about. */
  const told = new Map<string, string>();

  const show = (record: MutationRecord): void => {
    // A refused write is not what is so; it stands among the dead letters. A parked one is still what its author sees.
    if (record.state === 'dead') return cache.hidePending(record.id);
    const update = pendingUpdate(record, context);
    cache.showPending(record.id, record.sequence, (target) => guarded(record, () => update(target)));
  };

  /** An application's function that throws must not take the other pending edits off the screen with it. */
  const guarded = (record: MutationRecord, run: () => void): void => {
    try {
      run();
    } catch (error) {
      const code = error instanceof OptimisticResponseThrew ? 'OPTIMISTIC_RESPONSE_THREW' : 'UPDATE_THREW';
      // It runs again with every change under it; one word about it is enough.
      if (told.get(record.id) !== code) onEvent({ code, message: `${record.operationName}: ${String(error)}`, key: record.id });
      told.set(record.id, code);
    }
  };

  /** Entities whose place in the lists has to be found: once for all that are written together, for each list is gone through. */
  const moved = new Set<string>();
  let depth = 0;

  const place = (typename: string, entity: Readonly<Record<string, unknown>>): void => {
    if (typeof entity.id === 'string') moved.add(entityKey(cache, typename, entity.id));
  };

  const placeAll = (): void => {
    if (manifest && moved.size > 0) relist(cache, manifest, moved);
    moved.clear();
  };

  const gather = <T>(run: () => T): T =>
    cache.together(() => {
      depth++;
      try {
        return run();
      } finally {
        if (--depth === 0) placeAll();
      }
    });

  /** Of an entity that is told in part the version is not that of what the cache has besides: a pull brings the whole. */
  const isLess = (typename: string, entity: Readonly<Record<string, unknown>>): boolean => {
    const here = cache.rootEntity(entityKey(cache, typename, String(entity.id)));
    const fields = Object.entries(manifest?.types[typename]?.fields ?? {});
    return (
      here !== undefined &&
      fields.some(([name, { input }]) => here[name] != null && entity[name] === undefined && entity[input] === undefined)
    );
  };

  const refresh = (typename: string, entity: Readonly<Record<string, unknown>>): void => {
    if (!manifest || isLess(typename, entity)) return;
    gather(() => {
      writeEntity(cache, manifest, typename, entity);
      place(typename, entity);
    });
  };

  return {
    read: (typename, id) => (manifest ? readEntity(cache, manifest, typename, id, { optimistic: true }) : null),
    isKnown: (typename, id) => cache.rootEntity(entityKey(cache, typename, id)) !== undefined,
    together: (run) => pace.together(() => gather(run)),
    acknowledge(record) {
      gather(() => {
        cache.hidePending(record.id);
        if (record.result === null || record.result === undefined) return;
        guarded(record, () => {
          const data = { [record.responseKey]: record.result };
          writeResult(cache, complete(parseDocument(record.document)), record.variables, data);
          const mutation = manifest?.mutations[record.field];
          const entity = mutation && (record.result as Readonly<Record<string, unknown>>)[mutation.entity];
          if (mutation && typeof entity === 'object' && entity !== null)
            place(mutation.typename, entity as Readonly<Record<string, unknown>>);
          if (!mutation) placeNamed(cache, manifest, data);
          const { update } = context.defaults(record.operationName);
          if (!update) return;
          placeAll();
          update(cache, { data }, { variables: record.variables as Record<string, unknown> });
        });
      });
    },
    refresh,
    takeRemote(record) {
      const { typename, entityId, conflict } = record;
      if (!manifest || typename === null || entityId === null || !conflict) return;
      const key = entityKey(cache, typename, entityId);
      // What has been taken away since the server said so is nobody's to bring back.
      if (conflict.remote) return cache.tombstones.isHidden(key) ? undefined : refresh(typename, conflict.remote);
      if (conflict.code !== 'DELETED') return;
      // Somebody may have made it again since the server said so.
      const [here, gone] = [cache.rootEntity(key)?._version, conflict.currentVersion ?? inputOf(record)._version];
      if (typeof here === 'number' && typeof gone === 'number' && here > gone) return;
      cache.together(() => {
        cache.bury(key, conflict.currentVersion, conflict.currentVersion === null);
        removeFromLists(cache, manifest, typename, entityId);
      });
    },
    flush,
    start() {
      cache.together(() => {
        for (const record of outbox.records()) if (record.state !== 'acknowledged') show(record);
      });
      const stop = outbox.subscribe(({ id, after, before }) => {
        if (!before) pace.soon();
        if (!after) told.delete(id);
        if (!after) cache.hidePending(id);
        // An acknowledged record keeps its place until its result takes it: no moment in between (I10).
        else if (after.state !== 'acknowledged' && shownDifferently(before, after)) show(after);
      });
      return () => {
        stop();
        pace.catchUp();
      };
    },
  };
}

/** Attempts, waiting times and failures are not on screen. */
function shownDifferently(before: MutationRecord | null, after: MutationRecord): boolean {
  if (!before) return true;
  return (
    before.variables !== after.variables ||
    before.base !== after.base ||
    before.optimisticResponse !== after.optimisticResponse ||
    before.kind !== after.kind ||
    (before.state === 'dead') !== (after.state === 'dead')
  );
}
