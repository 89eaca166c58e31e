import type { OfflineManifest } from '../schema/manifest.ts';
import { SUPPORTED_STRATEGIES } from '../schema/merge.ts';
import { isFlag, isFunction, isName, isObject, isOneOf, isText, isTexts } from '../schema/shape.ts';
import type { OfflineCache } from './cache/offline-cache.ts';
import {
  atMost,
  checkManifest,
  createCheck,
  type Expected,
  FUNCTION,
  type Members,
  methods,
  milliseconds,
  OWNER,
  oneOf,
  URL_TEXT,
  whole,
} from './checks.ts';
import type { OfflineOptions } from './options.ts';
import { isAppVersion } from './outbox/app-version.ts';
import { KINDS } from './outbox/record.ts';
import type { BatchLimits } from './replay/document-batch.ts';
import { batchLimits, DRAIN_DEFAULTS, LIMITS, RETRY_DEFAULTS } from './replay/policy.ts';

/** Every number filled in. */
export interface ResolvedOptions {
  readonly retry: Required<NonNullable<OfflineOptions['retry']>>;
  readonly limits: Required<NonNullable<OfflineOptions['limits']>>;
  readonly batch: BatchLimits | null;
  readonly compact: boolean;
  readonly journal: NonNullable<OfflineOptions['journal']>;
  readonly endpoint: string;
}

const check = createCheck('createOffline: option ');

const NAME_OF_TYPE: Expected = ['the name of a type', isName];
const STORAGE = methods('get', 'put', 'remove', 'entries');
const VERSION: Expected = ["whole numbers with dots between them, such as '2.10.1'", isAppVersion];

/** Every option; null: looked at by itself. */
const OPTIONS: { readonly [K in keyof Required<OfflineOptions>]: Expected | null } = {
  cache: null,
  owner: null,
  manifest: null,
  mutations: null,
  conflict: null,
  appVersion: VERSION,
  migrations: ['a list', Array.isArray],
  endpoint: URL_TEXT,
  retry: null,
  batch: null,
  compact: ['true or false', isFlag],
  limits: null,
  journal: null,
  retention: null,
  importCache: null,
  storage: null,
  encryption: null,
  connectivity: methods('current', 'subscribe', 'probe'),
  ports: null,
};
const RETRY = {
  baseMs: milliseconds(0),
  maxMs: milliseconds(1),
  maxAttempts: atMost(1),
  timeoutMs: milliseconds(1),
  concurrency: whole(1),
  maxQueryAttempts: atMost(1),
};
const RECORD_LIMITS = { maxRecords: atMost(1), maxRecordLength: atMost(1), maxFileBytes: atMost(1), maxConflictRounds: atMost(0) };
const JOURNAL = { debounceMs: milliseconds(0), maxWaitMs: milliseconds(1) };
const RETENTION = { timeToLiveMs: ['milliseconds by type name', isObject], maxEntities: whole(1), maxBytes: whole(1) } as const;
const IMPORT = { storage: null, key: ['a key', isName] } as const;
const PORTS = {
  clock: methods('now', 'after'),
  random: methods('next', 'id'),
  locks: methods('hold'),
  channel: methods('post', 'subscribe', 'close'),
  lifecycle: methods('subscribe'),
  persistence: methods('request'),
};
const MUTATION = {
  kind: oneOf(KINDS),
  typename: NAME_OF_TYPE,
  refetchQueries: ['a list of query names', isTexts],
  optimisticResponse: FUNCTION,
  update: FUNCTION,
  entityId: FUNCTION,
  dependsOn: FUNCTION,
  resolveId: FUNCTION,
  fallback: FUNCTION,
} as const;
const MIGRATION = { operationName: ['the name of a mutation', isText], before: VERSION, migrate: null } as const;

/**
 * Checks options where they come in, and fills in defaults.
 * @throws OfflineError `INVALID_OPTION`, naming the option, what was expected, and what came.
 */
export function resolveOptions(options: OfflineOptions): ResolvedOptions {
  check.one('options', options, ['an object', isObject]);
  check.members('', options, OPTIONS);
  const { cache, owner, manifest, endpoint = '/graphql', retry, limits, batch, compact = false, journal, retention, ports } = options;
  check.one('cache', cache, [
    'an OfflineCache (it takes the options of InMemoryCache)',
    () => isFunction((cache as OfflineCache | undefined)?.showPending),
  ]);
  check.one('owner', owner, OWNER);
  checkManifest(check, manifest);
  for (const member of ['types', 'mutations', 'queries'] as const)
    if (manifest) check.one(`manifest.${member}`, manifest[member], ['an object, as the codegen plugin writes it', isObject]);
  checkMutations(options.mutations);
  checkConflict(options.conflict, manifest);
  checkMigrations(options.appVersion, options.migrations);
  checkStorage(options.storage);
  check.members('importCache', options.importCache, IMPORT);
  if (options.importCache) check.one('importCache.storage', options.importCache.storage ?? null, methods('getItem', 'removeItem'));
  check.members('retention', retention, RETENTION);
  for (const [typename, ms] of Object.entries(retention?.timeToLiveMs ?? {}))
    check.one(`retention.timeToLiveMs.${typename}`, ms, [
      'a number of milliseconds > 0',
      (value) => typeof value === 'number' && value > 0,
    ]);
  check.members('ports', ports, PORTS);
  check.members('retry', retry, RETRY);
  check.members('limits', limits, RECORD_LIMITS);
  check.members('journal', journal, JOURNAL);
  return {
    endpoint,
    retry: { ...RETRY_DEFAULTS, ...DRAIN_DEFAULTS, maxQueryAttempts: 3, ...retry },
    limits: { ...LIMITS, ...limits },
    batch: batchLimits(batch, check),
    compact,
    journal: { ...journal },
  };
}

/** What is said by names that the application chose. */
function entries(name: string, value: unknown): readonly [string, Record<string, unknown>][] {
  if (value !== undefined) check.one(name, value, ['an object', isObject]);
  const all = Object.entries((value ?? {}) as Record<string, Record<string, unknown>>);
  for (const [key, entry] of all) check.one(`${name}.${key}`, entry, ['an object', isObject]);
  return all;
}

function checkMutations(mutations: unknown): void {
  for (const [name, said] of entries('mutations', mutations)) {
    const { kind, typename, resolveId } = said;
    check.members(`mutations.${name}`, said, MUTATION);
    if (kind !== undefined && kind !== 'custom')
      check.one(`mutations.${name}.typename`, typename, [`the type of what it does a ${kind} to`, isName]);
    if (resolveId !== undefined) check.one(`mutations.${name}.kind`, kind, ["'create', because there is a resolveId", isOneOf('create')]);
  }
}

/** A rule that nothing carries out, or for a field that there is not, would be a conflict that nobody meant. */
function checkConflict(conflict: unknown, manifest: OfflineManifest | undefined): void {
  const rules = entries('conflict', conflict);
  const [strategies, isStrategy] = oneOf(SUPPORTED_STRATEGIES);
  const rule: Expected = [`a function, or ${strategies}`, (value) => isFunction(value) || isStrategy(value)];
  const named = (names: readonly string[]): Members => Object.fromEntries(names.map((name) => [name, null]));
  if (manifest) check.members('conflict', conflict, named(Object.keys(manifest.types)));
  for (const [typename, fields] of rules) {
    const type = manifest?.types[typename];
    if (type) check.members(`conflict.${typename}`, fields, named(['*', ...Object.values(type.fields).map((field) => field.input)]));
    for (const [field, given] of Object.entries(fields)) check.one(`conflict.${typename}.${field}`, given, rule);
  }
}

function checkMigrations(appVersion: unknown, migrations: OfflineOptions['migrations']): void {
  if (migrations)
    check.one('appVersion', appVersion, appVersion === undefined ? [`${VERSION[0]}, because there are migrations`, isName] : VERSION);
  for (const [at, migration] of (migrations ?? []).entries()) {
    check.members(`migrations.${at}`, migration, MIGRATION);
    check.one(`migrations.${at}.migrate`, migration.migrate, FUNCTION);
  }
}

function checkStorage(storage: unknown): void {
  if (storage === undefined) return;
  if (!isObject(storage) || !('outbox' in storage)) return check.one('storage', storage, STORAGE);
  check.one('storage.outbox', storage.outbox, STORAGE);
  check.one('storage.cache', storage.cache ?? null, STORAGE);
}
