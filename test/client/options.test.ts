import { InMemoryCache } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../client/adapters/memory.ts';
import { OfflineCache } from '../../client/cache/offline-cache.ts';
import { OfflineError } from '../../client/errors.ts';
import { resolveOptions } from '../../client/option-checks.ts';
import type { OfflineOptions } from '../../client/options.ts';
import { manifest } from './outbox/records.ts';

const valid = { cache: new OfflineCache(), owner: 'ada' };
const resolve = (options: unknown) => resolveOptions(options as OfflineOptions);

function refusal(options: unknown): OfflineError {
  try {
    resolve(options);
  } catch (error) {
    if (OfflineError.is(error, 'INVALID_OPTION')) return error;
    throw error;
  }
  throw new Error('expected a refusal, the options were taken');
}

describe('options', () => {
  it('may be left out but for cache and owner; every number then has its default', () => {
    expect(resolve(valid)).toEqual({
      endpoint: '/graphql',
      batch: { maxCount: 100, maxBytes: 500_000 },
      compact: false,
      retry: {
        baseMs: 1_000,
        maxMs: 60_000,
        maxAttempts: Number.POSITIVE_INFINITY,
        timeoutMs: 30_000,
        concurrency: 4,
        maxQueryAttempts: 3,
      },
      limits: { maxRecords: 10_000, maxRecordLength: 1_000_000, maxFileBytes: 20_000_000, maxConflictRounds: 5 },
      journal: {},
    });
  });

  it('are taken where they are right', () => {
    const options = {
      ...valid,
      owner: null,
      manifest,
      endpoint: 'https://example.test/graphql',
      retry: { baseMs: 0, maxAttempts: 7 },
      batch: { maxCount: 500 },
      limits: { maxConflictRounds: 0, maxRecords: Number.POSITIVE_INFINITY },
      journal: { debounceMs: 0 },
      storage: { outbox: memoryStorage(), cache: memoryStorage() },
      conflict: { Inspection: { title: 'CLIENT_WINS', '*': () => 1, siteId: 'SERVER_WINS' } },
      mutations: { Archive: { optimisticResponse: () => ({}), update: () => undefined, refetchQueries: ['Todos'] } },
      ports: { clock: { now: () => 0, after: () => () => undefined } },
    };
    expect(resolve(options)).toMatchObject({
      retry: { baseMs: 0, maxAttempts: 7, concurrency: 4 },
      batch: { maxCount: 500, maxBytes: 500_000 },
      limits: { maxConflictRounds: 0 },
      journal: { debounceMs: 0 },
    });
    expect(resolve({ ...valid, batch: false })).toMatchObject({ batch: null });
    expect(() => resolve({ ...valid, storage: memoryStorage() })).not.toThrow();
  });
});

const wrong: readonly (readonly [name: string, expected: string, got: string, options: unknown])[] = [
  ['options', 'an object', 'null', null],
  ['options', 'an object', 'undefined', undefined],
  ['onwer', 'one of cache, owner', '"onwer"', { ...valid, onwer: 'ada' }],
  ['cache', 'an OfflineCache', 'undefined', { owner: 'ada' }],
  ['cache', 'an OfflineCache', 'InMemoryCache', { ...valid, cache: new InMemoryCache() }],
  ['owner', "a user's id, or null", 'undefined', { cache: valid.cache }],
  ['owner', "a user's id, or null", '""', { ...valid, owner: '' }],
  ['owner', "a user's id, or null", '7', { ...valid, owner: 7 }],
  ['owner', "a user's id, or null", 'a bigint', { ...valid, owner: 7n }],
  ['manifest', 'a manifest of protocol 1', 'null', { ...valid, manifest: null }],
  ['manifest', 'a manifest of protocol 1', '2', { ...valid, manifest: { ...manifest, protocol: 2 } }],
  ['manifest.types', 'an object', 'undefined', { ...valid, manifest: { ...manifest, types: undefined } }],
  ['endpoint', 'a URL', 'URL', { ...valid, endpoint: new URL('http://x.test') }],
  ['endpoint', 'a URL', '""', { ...valid, endpoint: '' }],
  ['retry', 'an object', '3', { ...valid, retry: 3 }],
  ['retry.attempts', 'one of baseMs, maxMs, maxAttempts', '"attempts"', { ...valid, retry: { attempts: 3 } }],
  ['retry.baseMs', 'a number of milliseconds ≥ 0', '-1', { ...valid, retry: { baseMs: -1 } }],
  ['retry.timeoutMs', 'a number of milliseconds ≥ 1', '0', { ...valid, retry: { timeoutMs: 0 } }],
  ['retry.maxMs', 'a number of milliseconds ≥ 1', 'null', { ...valid, retry: { maxMs: Number.POSITIVE_INFINITY } }],
  ['retry.maxAttempts', 'a whole number ≥ 1', '"5"', { ...valid, retry: { maxAttempts: '5' } }],
  ['retry.maxAttempts', 'a whole number ≥ 1', 'null', { ...valid, retry: { maxAttempts: Number.NaN } }],
  ['retry.concurrency', 'a whole number ≥ 1', '1.5', { ...valid, retry: { concurrency: 1.5 } }],
  ['retry.concurrency', 'a whole number ≥ 1', 'null', { ...valid, retry: { concurrency: Number.POSITIVE_INFINITY } }],
  ['compact', 'true or false', '"yes"', { ...valid, compact: 'yes' }],
  ['compact', 'true or false', 'null', { ...valid, compact: null }],
  ['batch', 'false, or an object', 'true', { ...valid, batch: true }],
  ['batch.count', 'one of maxCount, maxBytes', '"count"', { ...valid, batch: { count: 5 } }],
  ['batch.maxCount', 'a whole number from 1 to 500', '0', { ...valid, batch: { maxCount: 0 } }],
  ['batch.maxCount', 'a whole number from 1 to 500', '501', { ...valid, batch: { maxCount: 501 } }],
  ['batch.maxBytes', 'a whole number ≥ 1', 'null', { ...valid, batch: { maxBytes: Number.POSITIVE_INFINITY } }],
  ['limits.maxRecords', 'a whole number ≥ 1', '0', { ...valid, limits: { maxRecords: 0 } }],
  ['journal.debounce', 'one of debounceMs, maxWaitMs', '"debounce"', { ...valid, journal: { debounce: 1 } }],
  ['mutations', 'an object', 'Array', { ...valid, mutations: [] }],
  ['mutations.M', 'an object', 'a function', { ...valid, mutations: { M: () => undefined } }],
  [
    'mutations.M.refetch',
    'one of kind, typename, refetchQueries, optimisticResponse, update',
    '"refetch"',
    { ...valid, mutations: { M: { refetch: [] } } },
  ],
  ['mutations.M.kind', 'one of create, update, delete, custom', '"upsert"', { ...valid, mutations: { M: { kind: 'upsert' } } }],
  ['mutations.M.typename', 'the type of what it does a create to', 'undefined', { ...valid, mutations: { M: { kind: 'create' } } }],
  ['mutations.M.typename', 'the name of a type', '""', { ...valid, mutations: { M: { typename: '' } } }],
  ['mutations.M.dependsOn', 'a function', 'Array', { ...valid, mutations: { M: { dependsOn: ['Todo:1'] } } }],
  ['mutations.M.update', 'a function', '"x"', { ...valid, mutations: { M: { update: 'x' } } }],
  ['mutations.M.refetchQueries', 'a list of query names', 'Array', { ...valid, mutations: { M: { refetchQueries: [{}] } } }],
  ['conflict.Inspection', 'an object', '"CLIENT_WINS"', { ...valid, conflict: { Inspection: 'CLIENT_WINS' } }],
  [
    'conflict.Inspection.title',
    'a function, or one of REPORT',
    '"client-wins"',
    { ...valid, conflict: { Inspection: { title: 'client-wins' } } },
  ],
  ['conflict.Inspection.title', 'a function, or one of REPORT', '"NEWEST"', { ...valid, conflict: { Inspection: { title: 'NEWEST' } } }],
  ['conflict.Todo', 'one of Finding, Inspection, Site', '"Todo"', { ...valid, manifest, conflict: { Todo: {} } }],
  ['conflict.Inspection.site', 'one of *, siteId', '"site"', { ...valid, manifest, conflict: { Inspection: { site: 'CLIENT_WINS' } } }],
  ['appVersion', 'whole numbers with dots', '"v2"', { ...valid, appVersion: 'v2' }],
  ['appVersion', 'whole numbers with dots', '2', { ...valid, appVersion: 2 }],
  ['appVersion', 'whole numbers with dots', 'undefined', { ...valid, migrations: [] }],
  ['migrations', 'a list', 'a function', { ...valid, appVersion: '2', migrations: () => null }],
  ['migrations.0', 'an object', 'a function', { ...valid, appVersion: '2', migrations: [() => null] }],
  ['migrations.0.migrate', 'a function', 'undefined', { ...valid, appVersion: '2', migrations: [{ before: '2' }] }],
  [
    'migrations.0.before',
    'whole numbers with dots',
    '"2-beta"',
    { ...valid, appVersion: '2', migrations: [{ before: '2-beta', migrate: () => null }] },
  ],
  ['storage', 'an object with get, put, remove, entries', 'null', { ...valid, storage: null }],
  ['storage', 'an object with get, put, remove, entries', 'Object', { ...valid, storage: { get: () => null } }],
  ['storage.cache', 'an object with get, put, remove, entries', 'null', { ...valid, storage: { outbox: memoryStorage() } }],
  ['storage.outbox', 'an object with get, put, remove, entries', 'Object', { ...valid, storage: { outbox: {}, cache: memoryStorage() } }],
  ['importCache', 'an object', '"apollo-cache-persist"', { ...valid, importCache: 'apollo-cache-persist' }],
  ['importCache.storage', 'an object with getItem, removeItem', 'null', { ...valid, importCache: {} }],
  ['importCache.key', 'a key', '7', { ...valid, importCache: { storage: { getItem: () => null, removeItem: () => null }, key: 7 } }],
  ['connectivity', 'an object with current, subscribe, probe', 'true', { ...valid, connectivity: true }],
  ['ports.clock', 'an object with now, after', 'Object', { ...valid, ports: { clock: { now: () => 0 } } }],
  ['ports.clocks', 'one of clock, random', '"clocks"', { ...valid, ports: { clocks: {} } }],
];

describe('a wrong option is named, with what was expected and what came', () => {
  it.each(wrong)('%s: expected %s, got %s', (name, expected, got, options) => {
    const { message } = refusal(options);
    expect(message).toContain(`option ${name}: expected ${expected}`);
    expect(message.slice(message.indexOf(', got '))).toContain(got);
  });
});
