import type { ApolloCache } from '@apollo/client';
import type { OfflineManifest } from '../schema/manifest.ts';
import type { ConflictRules } from '../schema/merge.ts';
import type { RetentionOptions } from './cache/eviction.ts';
import type { PersistedCache } from './cache/import-on-demand.ts';
import type { OfflineCache } from './cache/offline-cache.ts';
import type { Fallback } from './fallback.ts';
import type { MutationDescription } from './outbox/description.ts';
import type { Migration } from './outbox/migration.ts';
import type { Channel, Clock, Connectivity, EncryptionKey, Lifecycle, Locks, Persistence, Random, Storage } from './ports.ts';

/**
 * What the library should know of one mutation by its operation name; lasts over reloads, unlike functions given per call.
 * One that throws is reported as an event that names the record, and everything else goes on.
 */
export interface MutationDefaults extends MutationDescription {
  /** The expected result, by the document's shape. For mutations that the manifest knows it is made from the input. */
  readonly optimisticResponse?: (variables: Record<string, unknown>) => Record<string, unknown>;
  /** Changes the cache beyond the entity itself. Runs for the optimistic and for the real result, often: it must be pure. */
  readonly update?: (
    cache: ApolloCache,
    result: { readonly data: unknown },
    options: { readonly variables: Record<string, unknown> },
  ) => void;
  /** What to do when the mutation, made with `expiresAfterMs`, could not be sent in time. */
  readonly fallback?: Fallback;
  /** Names of queries to fetch again once the mutation is acknowledged and the outbox is empty. */
  readonly refetchQueries?: readonly string[];
}

/** Whether the application itself does something with each result, shown or real. */
export function isSpecial({ optimisticResponse, update, refetchQueries, fallback }: MutationDefaults): boolean {
  return [optimisticResponse, update, refetchQueries, fallback].some((own) => own !== undefined);
}

export interface OfflineOptions {
  /** The client's cache. */
  readonly cache: OfflineCache;
  /** Whose data this is: everything stored is kept under this name and never sent for another. `null`: nobody signed in. */
  readonly owner: string | null;
  /** Written by the codegen plugin. Without it a mutation is what `mutations` says of it; of what nothing is said waits for all before it. */
  readonly manifest?: OfflineManifest;
  /** By operation name. */
  readonly mutations?: Readonly<Record<string, MutationDefaults>>;
  /** Merge rules over those of the schema: by type, then by input field name or `'*'`. */
  readonly conflict?: ConflictRules;
  /**
   * Version of the application, kept with every mutation: whole numbers with dots between them, such as `'2.10.1'`. Default: none.
   * A tab of an older version leaves alone what a newer one has stored for another schema.
   */
  readonly appVersion?: string;
  /** What becomes of mutations that an earlier version has left waiting, in the order in which they are applied. Needs `appVersion`. */
  readonly migrations?: readonly Migration[];
  /** The GraphQL endpoint, asked whether the network is real. Default `/graphql`. */
  readonly endpoint?: string;
  readonly retry?: {
    /** The most that the first retry waits. Milliseconds, default 1000. */
    readonly baseMs?: number;
    /** The most that any retry waits. Milliseconds, default 60 000. */
    readonly maxMs?: number;
    /** Attempts of one mutation that the server answered with a failure, the first included, until it becomes a dead letter. Default Infinity. */
    readonly maxAttempts?: number;
    /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
    readonly timeoutMs?: number;
    /** Mutations under way at once, each of another lane. Default 4. */
    readonly concurrency?: number;
    /** Attempts of one query, the first included. Default 3. */
    readonly maxQueryAttempts?: number;
  };
  /**
   * Mutations that wait for nothing share a document, one aliased root field each: a thousand of them cost ten round trips. `false`:
   * one request each, as servers want it that only take documents they know. By default a server that has not shown that it speaks
   * the protocol gets single mutations, because one with non-null root fields answers a batch with nothing when a part of it fails.
   */
  readonly batch?:
    | false
    | {
        /** Mutations in one document. Default 100, at most 500. */
        readonly maxCount?: number;
        /** Bytes of their documents and variables. Default 500 000: most servers take a megabyte, and links add something. */
        readonly maxBytes?: number;
      };
  /**
   * Whether mutations of one entity that were never sent become one: update and update, create and update, update and delete; a create
   * and its delete become nothing. An hour of typing without a network is one write then, and everybody who waits hears of its answer.
   * The server judges it as one, too: what it refuses is kept as one dead letter, with all that is in it. Generated mutations only, and
   * none of which `mutations` gives `update`, `optimisticResponse`, `refetchQueries` or `fallback`. The same in all tabs. Default `false`.
   */
  readonly compact?: boolean;
  readonly limits?: {
    /** Mutations that may wait at once. Default 10 000. */
    readonly maxRecords?: number;
    /** Characters of one mutation's record as JSON. Default 1 000 000. */
    readonly maxRecordLength?: number;
    /** Bytes of the files and buffers in one mutation's variables. Default 20 000 000; Yoga takes requests of up to 25 MB. */
    readonly maxFileBytes?: number;
    /** Conflicts of one mutation merged without a person, one after another. Default 5. */
    readonly maxConflictRounds?: number;
  };
  readonly journal?: {
    /** Quiet time after a cache change until it is written. Milliseconds, default 1000. */
    readonly debounceMs?: number;
    /** The longest that a change waits while others keep coming. Milliseconds, default 5000. */
    readonly maxWaitMs?: number;
  };
  /** How long cached data is kept, and how much of it; never what waits to be sent. Default: everything. */
  readonly retention?: RetentionOptions;
  /**
   * A cache that apollo3-cache-persist has stored: taken over at the first start, and removed once it is stored here. What lies there is
   * taken for this owner's. Whatever else stands under its key is reported as an event and left alone. Default: none.
   */
  readonly importCache?: PersistedCache;
  /** One storage for both, or one each: the cache may be dropped or shrunk, the outbox never is. Default: localforage. */
  readonly storage?: Storage | { readonly outbox: Storage; readonly cache: Storage };
  /** Encrypts everything that is stored, outbox and cache, with this owner's key; see `encryptedStorage`. Default: stored in the clear. */
  readonly encryption?: EncryptionKey;
  readonly connectivity?: Connectivity;
  /** The rest of the outside world; tests hold it still. Defaults: the browser's. */
  readonly ports?: {
    readonly clock?: Clock;
    readonly random?: Random;
    readonly locks?: Locks;
    readonly channel?: Channel;
    readonly lifecycle?: Lifecycle;
    readonly persistence?: Persistence;
  };
}
