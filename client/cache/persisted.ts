import type { OfflineManifest } from '../../schema/manifest.ts';
import type { Version } from '../../schema/version.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Clock, Lifecycle, OnDemand, Storage } from '../ports.ts';
import { type Ahead, createAhead } from './ahead.ts';
import { entityKey } from './entity.ts';
import type { RetentionOptions } from './eviction.ts';
import { type ImportCode, importOnDemand, type PersistedCache } from './import-on-demand.ts';
import { createJournal, type Journal, type JournalOptions } from './journal.ts';
import type { OfflineCache } from './offline-cache.ts';
import { relist } from './relist.ts';
import { createRestoring, type Restoring } from './restoring.ts';
import type * as RetentionModule from './retention.ts';
import { type CacheEvent, HEAD_KEY } from './stored-cache.ts';
import { createUsage } from './usage.ts';

/** The cache on disk, its way into memory, and how long what is in both stays there. */
export function createPersisted(
  deps: {
    readonly cache: OfflineCache;
    /** The journal's own. */
    readonly storage: Storage;
    readonly clock: Clock;
    readonly lifecycle: Lifecycle;
    readonly manifest: OfflineManifest | null;
    readonly outbox: Pick<Outbox, 'records'>;
    readonly online: () => boolean;
    /** Cache ids that lists may still have to take in. */
    readonly needed: () => readonly string[];
    readonly onEvicted: (evicted: ReadonlyMap<string, Version | undefined>) => void;
    readonly onEvent: (event: CacheEvent) => void;
  },
  code: { readonly importCode: ImportCode; readonly retentionCode: OnDemand<typeof RetentionModule> },
  options: {
    readonly journal: JournalOptions;
    readonly importCache: PersistedCache | undefined;
    readonly retention: RetentionOptions | undefined;
  },
): { readonly journal: Journal; readonly restoring: Restoring; readonly ahead: Ahead } {
  const { cache, storage, clock, manifest, outbox, needed, onEvent } = deps;
  const usage = options.retention && createUsage(clock);
  const schemaHash = manifest?.schemaHash ?? null;
  const ahead = createAhead({ storage, schemaHash, onEvent });
  const journal = createJournal(
    {
      ...deps,
      schemaHash,
      relist: (keys) => manifest && relist(cache, manifest, keys),
      imported: importOnDemand(code.importCode, { storage, onEvent }, options.importCache),
      usage,
      onCheckpoint: cache.tombstones.restore,
    },
    options.journal,
  );
  const restoring = createRestoring(journal);
  const { retention } = options;
  if (!retention || !usage) return { journal, restoring, ahead };

  /** Of whatever waits, for the server or for a person. */
  const pending = (): readonly string[] => [
    ...needed(),
    ...outbox.records().flatMap(({ typename, entityId, writes, reads }) => {
      const own = typename === null || entityId === null ? [] : [entityKey(cache, typename, entityId)];
      return [...writes, ...reads, ...own];
    }),
  ];
  const ended = new AbortController();
  const retain = async (): Promise<void> => {
    const { createRetention } = await code.retentionCode.load();
    createRetention({ ...deps, usage, pending }, retention).run(ended.signal);
  };
  return {
    journal,
    ahead,
    restoring: {
      ...restoring,
      async start(show) {
        await restoring.start(show);
        // It is more than should be, and right: the next start tries again.
        restoring.after(
          () => void retain().catch((error) => onEvent({ code: 'CACHE_NOT_EVICTED', key: HEAD_KEY, message: String(error) })),
        );
      },
      end() {
        ended.abort();
        restoring.end();
      },
    },
  };
}
