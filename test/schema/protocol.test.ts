import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type ASTNode, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { expandSchema } from '../../schema/expand.ts';
import { FILTER_OPERATORS, MAX_FILTER_DEPTH } from '../../schema/list.ts';
import { SUPPORTED_STRATEGIES } from '../../schema/merge.ts';
import { OFFLINE_SDL } from '../../schema/offline-sdl.ts';
import {
  ConflictCode,
  ErrorCode,
  EXTENSION,
  generatedNames,
  type OfflineRequest,
  type OfflineResponse,
  PROTOCOL_VERSION,
  parseOfflineRequest,
  RequestLimits,
  VERSIONED_FIELDS,
} from '../../schema/protocol.ts';
import { SUPPORTED_VERSION_KINDS } from '../../schema/version.ts';

const read = (path: string) => readFileSync(new URL(`../../schema/${path}`, import.meta.url), 'utf8');
const text = read('PROTOCOL.md');

const request: OfflineRequest = {
  protocol: 1,
  clientId: '0198c0de-0000-7000-8000-000000000001',
  ackedThrough: 41,
  retired: ['0197c0de-0000-7000-8000-000000000001'],
  mutations: { updateTodo: { id: 42, base: { title: 'Milk' } } },
};
const response: OfflineResponse = {
  protocol: 1,
  mutations: { updateTodo: { outcome: 'applied' } },
  serverTime: 1780000000000,
  epoch: '7f3c9a',
};

describe('the wire', () => {
  it('is that of PROTOCOL_VERSION', () => {
    const kinds = expandSchema(`
      enum Colour { RED }
      type List @versioned { id: ID! name: String! }
      type Todo @versioned { id: ID! list: List! a: String b: Int! @merge(strategy: COUNTER) c: Float d: Boolean e: DateTime f: Colour! g: [String!]! h: ID }
    `);
    const wire = {
      messages: { [EXTENSION]: [request, response] },
      sdl: withoutDescriptions(OFFLINE_SDL),
      generated: withoutDescriptions(print(kinds.document)),
      codes: [ErrorCode, ConflictCode],
      supported: [SUPPORTED_STRATEGIES, SUPPORTED_VERSION_KINDS, FILTER_OPERATORS],
      limits: [RequestLimits, MAX_FILTER_DEPTH],
    };
    const hash = createHash('sha256').update(JSON.stringify(wire)).digest('hex').slice(0, 16);
    expect(
      { protocol: PROTOCOL_VERSION, hash },
      'The wire has changed. If a peer of the version before would misread it, raise PROTOCOL_VERSION and add a line to the history in schema/PROTOCOL.md; then pin the new hash here.',
    ).toEqual({ protocol: 1, hash: '15e9daa61a97e90c' });
  });

  it('is what PROTOCOL.md shows', () => {
    const [shownRequest, shownResponse] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => JSON.parse(match[1] ?? ''));
    expect(shownRequest.extensions).toEqual({ [EXTENSION]: request });
    expect(shownResponse.extensions).toEqual({ [EXTENSION]: response });
    expect(parseOfflineRequest(shownRequest.extensions[EXTENSION])).toEqual({ ok: true, request });
  });

  it('has every code, strategy and limit in PROTOCOL.md, and a history line for its version', () => {
    const words = [
      ...Object.values(ErrorCode),
      ...Object.values(ConflictCode),
      ...SUPPORTED_STRATEGIES,
      ...SUPPORTED_VERSION_KINDS,
      ...FILTER_OPERATORS,
      ...VERSIONED_FIELDS.slice(1),
    ];
    for (const word of words) expect(text).toMatch(new RegExp(`\\b${word}\\b`));
    expect(text).toContain(`Version **${PROTOCOL_VERSION}**`);
    expect(text.slice(text.indexOf('### History'))).toMatch(new RegExp(`^\\| ${PROTOCOL_VERSION} \\| \\S`, 'm'));
    expect(text).toContain(`| \`mutations\` in one request | ${RequestLimits.mutations} |`);
    expect(text).toContain(`| \`retired\` in one request | ${RequestLimits.retired} |`);
    expect(text).toContain(`| depth of \`and\` / \`or\` / \`not\` | ${MAX_FILTER_DEPTH} |`);
  });

  it('has one SDL: offline.graphql is OFFLINE_SDL', () => {
    expect(read('offline.graphql')).toBe(OFFLINE_SDL);
  });
});

describe('parseOfflineRequest', () => {
  const clientId = fc.stringMatching(/^[\w-]{1,64}$/);
  const entry = fc.record(
    {
      id: fc.integer({ min: 1 }),
      base: fc.dictionary(fc.string(), fc.jsonValue()),
      clock: fc.constant('019b76da6c00-00000001-phone'),
      lease: fc.nat(),
    },
    { requiredKeys: ['id'] },
  );
  const wellFormed = fc
    .record(
      {
        protocol: fc.constant(PROTOCOL_VERSION),
        clientId,
        ackedThrough: fc.nat(),
        retired: fc.array(clientId, { maxLength: 5 }),
        mutations: fc.dictionary(fc.string(), entry, { maxKeys: 5 }),
      },
      { requiredKeys: ['protocol', 'clientId', 'ackedThrough', 'mutations'] },
    )
    .filter(({ mutations }) => new Set(Object.values(mutations).map(({ id }) => id)).size === Object.keys(mutations).length);

  it('takes every well-formed request, unknown members included', () => {
    fc.assert(
      fc.property(wellFormed, (value) => {
        expect(parseOfflineRequest({ ...value, later: 1 })).toEqual({ ok: true, request: { ...value, later: 1 } });
      }),
    );
  });

  it('never throws, and says which member is wrong', () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withMap: true });
    fc.assert(
      fc.property(anything, (value) => {
        const result = parseOfflineRequest(value);
        if (!result.ok) expect(result.failure.message).toMatch(/^extensions\.offline: /);
      }),
    );
    const path = fc.constantFrom(['protocol'], ['clientId'], ['ackedThrough'], ['mutations'], ['mutations', 'm'], ['mutations', 'm', 'id']);
    fc.assert(
      fc.property(path, fc.oneof(anything, fc.jsonValue()), (keys, value) => {
        const result = parseOfflineRequest(replace({ ...request, mutations: { m: { id: 1 } } }, keys, value));
        if (!result.ok) expect(result.failure.message).toContain(keys[0] === 'protocol' ? 'protocol 1' : keys.join('.'));
      }),
    );
  });

  const bad = (change: object) => {
    const result = parseOfflineRequest({ ...request, ...change });
    return result.ok ? 'accepted' : `${result.failure.code} ${result.failure.message.length < 200}`;
  };

  it('refuses what is malformed', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, { id: index + 1 }]));
    const cases: readonly object[] = [
      { clientId: '' },
      { clientId: 'a'.repeat(65) },
      { clientId: 'a b' },
      { clientId: 'a\n' },
      { ackedThrough: -1 },
      { ackedThrough: 0.5 },
      { ackedThrough: 2 ** 53 },
      { retired: 'a' },
      { retired: [''] },
      { retired: Array.from({ length: 101 }, () => 'a') },
      { mutations: [] },
      { mutations: { m: null } },
      { mutations: { m: {} } },
      { mutations: { m: { id: 0 } } },
      { mutations: { m: { id: '1' } } },
      { mutations: { m: { id: 1, base: [] } } },
      { mutations: { m: { id: 1, clock: 1 } } },
      { mutations: { m: { id: 1, clock: '2026-01-01' } } },
      { mutations: { m: { id: 1, lease: -1 } } },
      { mutations: { a: { id: 1 }, b: { id: 1 } } },
      { mutations: many(501) },
    ];
    for (const change of cases) expect(bad(change), JSON.stringify(change).slice(0, 60)).toBe('BAD_OFFLINE_EXTENSION true');
    expect(bad({ mutations: many(500) })).toBe('accepted');
  });

  it('tells another protocol from a malformed one, whatever else that one has', () => {
    expect(parseOfflineRequest({ protocol: 2 })).toMatchObject({ ok: false, failure: { code: 'UNSUPPORTED_PROTOCOL' } });
    expect(bad({ protocol: '1' })).toBe('UNSUPPORTED_PROTOCOL true');
  });

  it('does not repeat a hostile value or key at length, nor let it forge a line of a log', () => {
    const hostile = `\n${'x'.repeat(1e6)}`;
    for (const change of [
      { clientId: hostile },
      { mutations: { [hostile]: {} } },
      { ackedThrough: hostile },
      { ackedThrough: [hostile] },
    ]) {
      const result = parseOfflineRequest({ ...request, ...change });
      expect(result.ok || result.failure.message).toMatch(/^[^\n]{1,200}$/);
    }
  });
});

describe('generatedNames', () => {
  it('makes regular plurals, and takes an irregular one by hand', () => {
    const lists = ['Todo', 'Box', 'City', 'Day', 'Dish', 'Bus', 'LineItem'].map((name) => generatedNames(name).list);
    expect(lists).toEqual(['todos', 'boxes', 'cities', 'days', 'dishes', 'buses', 'lineItems']);
    expect(generatedNames('Person', 'people')).toMatchObject({ entity: 'person', list: 'people', create: 'createPerson' });
  });
});

function withoutDescriptions(sdl: string): string {
  const strip = { enter: (node: ASTNode) => ('description' in node ? { ...node, description: undefined } : undefined) };
  return print(visit(parse(sdl), strip));
}

function replace(target: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  return { ...(target as object), [key]: replace((target as Record<string, unknown>)[key], rest, value) };
}
