import type { ApolloCache } from '@apollo/client';
import type { OfflineManifest } from '../schema/manifest.ts';
import { type ConflictRules, SUPPORTED_STRATEGIES } from '../schema/merge.ts';
import { PROTOCOL_VERSION } from '../schema/protocol.ts';
import type { RetentionOptions } from './cache/eviction.ts';
import type { PersistedCache } from './cache/import-on-demand.ts';
import type { OfflineCache } from './cache/offline-cache.ts';
import type { Fallback } from './fallback.ts';
import { checkImport, checkMembers, checkMethods, checkRecords, checkRetention, checkStorage, invalid, isObject } from './option-checks.ts';
import { isAppVersion } from './outbox/app-version.ts';
import type { MutationDescription } from './outbox/description.ts';
import type { Migration } from './outbox/migration.ts';
import type { MutationKind } from './outbox/record.ts';
import type { Channel, Clock, Connectivity, EncryptionKey, Lifecycle, Locks, Persistence, Random, Storage } from './ports.ts';
import type { BatchLimits } from './replay/document-batch.ts';
import { batchLimits, DRAIN_DEFAULTS, LIMITS, RETRY_DEFAULTS } from './replay/policy.ts';

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

/** Every number filled in. */
export interface ResolvedOptions {
  readonly retry: Required<NonNullable<OfflineOptions['retry']>>;
  readonly limits: Required<NonNullable<OfflineOptions['limits']>>;
  readonly batch: BatchLimits | null;
  readonly compact: boolean;
  readonly journal: NonNullable<OfflineOptions['journal']>;
  readonly endpoint: string;
}

const RETRY = { ...RETRY_DEFAULTS, ...DRAIN_DEFAULTS, maxQueryAttempts: 3 };

const KNOWN: readonly (keyof OfflineOptions)[] = [
  'cache',
  'owner',
  'manifest',
  'mutations',
  'conflict',
  'appVersion',
  'migrations',
  'endpoint',
  'retry',
  'batch',
  'compact',
  'limits',
  'journal',
  'retention',
  'importCache',
  'storage',
  'encryption',
  'connectivity',
  'ports',
];

/**
 * Checks options where they come in, and fills in defaults.
 * @throws OfflineError `INVALID_OPTION`, naming the option, what was expected, and what came.
 */
export function resolveOptions(options: OfflineOptions): ResolvedOptions {
  if (!isObject(options)) throw invalid('options', 'an object', options);
  for (const key of Object.keys(options))
    if (!(KNOWN as readonly string[]).includes(key)) throw invalid(key, `one of ${KNOWN.join(', ')}`, key);
  if (typeof (options.cache as OfflineCache | undefined)?.showPending !== 'function')
    throw invalid('cache', 'an OfflineCache (it takes the options of InMemoryCache)', options.cache);
  if (options.owner !== null && (typeof options.owner !== 'string' || options.owner === ''))
    throw invalid('owner', "a user's id, or null for anonymous", options.owner);
  if (options.compact !== undefined && typeof options.compact !== 'boolean') throw invalid('compact', 'true or false', options.compact);
  checkManifest(options.manifest);
  if (options.endpoint !== undefined && (typeof options.endpoint !== 'string' || options.endpoint === ''))
    throw invalid('endpoint', 'a URL', options.endpoint);
  checkMutations(options.mutations);
  checkConflict(options.conflict, options.manifest);
  checkMigrations(options.appVersion, options.migrations);
  checkStorage(options.storage);
  checkImport(options.importCache);
  checkRetention(options.retention);
  checkMethods('connectivity', options.connectivity, ['current', 'subscribe', 'probe']);
  checkMembers('ports', options.ports, Object.keys(PORTS));
  for (const [port, methods] of Object.entries(PORTS)) checkMethods(`ports.${port}`, options.ports?.[port as keyof typeof PORTS], methods);
  return {
    endpoint: options.endpoint ?? '/graphql',
    retry: numbers('retry', options.retry, RETRY),
    limits: numbers('limits', options.limits, LIMITS),
    batch: batchLimits(options.batch, (name, expected, got) => {
      throw invalid(name, expected, got);
    }),
    compact: options.compact ?? false,
    journal: numbers('journal', options.journal, {}, ['debounceMs', 'maxWaitMs']),
  };
}

/** How each number is counted: those that may be without limit, whole ones, and milliseconds. */
const UNLIMITED: ReadonlySet<string> = new Set([
  'maxAttempts',
  'maxQueryAttempts',
  'maxRecords',
  'maxRecordLength',
  'maxFileBytes',
  'maxConflictRounds',
]);
const MAY_BE_ZERO: ReadonlySet<string> = new Set(['baseMs', 'debounceMs', 'maxConflictRounds']);

function numbers<T extends Record<string, number>>(name: string, given: object | undefined, defaults: T, known = Object.keys(defaults)): T {
  checkMembers(name, given, known);
  for (const [key, value] of Object.entries(given ?? {})) {
    const smallest = MAY_BE_ZERO.has(key) ? 0 : 1;
    const isWhole = Number.isInteger(value) || key.endsWith('Ms') || (value === Number.POSITIVE_INFINITY && UNLIMITED.has(key));
    const isBounded = Number.isFinite(value) || UNLIMITED.has(key);
    const kind = key.endsWith('Ms') ? 'a number of milliseconds' : 'a whole number';
    if (typeof value !== 'number' || Number.isNaN(value) || !isBounded || !isWhole || value < smallest)
      throw invalid(`${name}.${key}`, `${kind} ≥ ${smallest}`, value);
  }
  return { ...defaults, ...given };
}

const PORTS = {
  clock: ['now', 'after'],
  random: ['next', 'id'],
  locks: ['hold'],
  channel: ['post', 'subscribe', 'close'],
  lifecycle: ['subscribe'],
  persistence: ['request'],
} as const;

function checkManifest(manifest: unknown): void {
  if (manifest === undefined) return;
  const expected = `a manifest of protocol ${PROTOCOL_VERSION}, written by the codegen plugin of this release`;
  if (!isObject(manifest)) throw invalid('manifest', expected, manifest);
  if (manifest.protocol !== PROTOCOL_VERSION) throw invalid('manifest', expected, manifest.protocol);
  for (const member of ['types', 'mutations', 'queries'])
    if (!isObject(manifest[member])) throw invalid(`manifest.${member}`, 'an object, as the codegen plugin writes it', manifest[member]);
}

const FUNCTIONS = ['optimisticResponse', 'update', 'entityId', 'dependsOn', 'resolveId', 'fallback'];
const KINDS: readonly unknown[] = ['create', 'update', 'delete', 'custom'] satisfies MutationKind[];

function checkMutations(mutations: unknown): void {
  checkRecords('mutations', mutations);
  for (const [name, defaults] of Object.entries(mutations ?? {})) {
    checkMembers(`mutations.${name}`, defaults, ['kind', 'typename', 'refetchQueries', ...FUNCTIONS]);
    const { kind, typename, refetchQueries, ...functions } = defaults as Record<string, unknown>;
    if (kind !== undefined && !KINDS.includes(kind)) throw invalid(`mutations.${name}.kind`, `one of ${KINDS.join(', ')}`, kind);
    if (kind !== undefined && kind !== 'custom' && typename === undefined)
      throw invalid(`mutations.${name}.typename`, `the type of what it does a ${kind} to`, typename);
    if (typename !== undefined && (typeof typename !== 'string' || typename === ''))
      throw invalid(`mutations.${name}.typename`, 'the name of a type', typename);
    if (functions.resolveId !== undefined && kind !== 'create')
      throw invalid(`mutations.${name}.kind`, "'create', because there is a resolveId", kind);
    for (const [member, value] of Object.entries(functions))
      if (value !== undefined && typeof value !== 'function') throw invalid(`mutations.${name}.${member}`, 'a function', value);
    if (refetchQueries !== undefined && !(Array.isArray(refetchQueries) && refetchQueries.every((query) => typeof query === 'string')))
      throw invalid(`mutations.${name}.refetchQueries`, 'a list of query names', refetchQueries);
  }
}

/** A rule that nothing carries out, or for a field that there is not, would be a conflict that nobody meant. */
function checkConflict(conflict: unknown, manifest: OfflineManifest | undefined): void {
  checkRecords('conflict', conflict);
  const rules = (conflict ?? {}) as ConflictRules;
  if (manifest) checkMembers('conflict', rules, Object.keys(manifest.types));
  for (const [typename, fields] of Object.entries(rules)) {
    const type = manifest?.types[typename];
    if (type) checkMembers(`conflict.${typename}`, fields, ['*', ...Object.values(type.fields).map((field) => field.input)]);
    for (const [field, rule] of Object.entries(fields))
      if (typeof rule !== 'function' && !SUPPORTED_STRATEGIES.includes(rule))
        throw invalid(`conflict.${typename}.${field}`, `a function, or one of ${SUPPORTED_STRATEGIES.join(', ')}`, rule);
  }
}

function checkMigrations(appVersion: unknown, migrations: unknown): void {
  const version = "whole numbers with dots between them, such as '2.10.1'";
  if (appVersion !== undefined && !isAppVersion(appVersion)) throw invalid('appVersion', version, appVersion);
  if (migrations === undefined) return;
  if (!Array.isArray(migrations)) throw invalid('migrations', 'a list', migrations);
  if (appVersion === undefined) throw invalid('appVersion', `${version}, because there are migrations`, appVersion);
  for (const [at, migration] of migrations.entries()) {
    checkMembers(`migrations.${at}`, migration, ['operationName', 'before', 'migrate']);
    const { operationName, before, migrate } = migration as Record<string, unknown>;
    if (operationName !== undefined && typeof operationName !== 'string')
      throw invalid(`migrations.${at}.operationName`, 'the name of a mutation', operationName);
    if (before !== undefined && !isAppVersion(before)) throw invalid(`migrations.${at}.before`, version, before);
    if (typeof migrate !== 'function') throw invalid(`migrations.${at}.migrate`, 'a function', migrate);
  }
}
