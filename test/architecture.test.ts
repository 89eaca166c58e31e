import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AREAS } from './architecture/areas.ts';
import { parseModule, readModules } from './architecture/modules.ts';
import { describeBreach, RULES } from './architecture/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = readModules(root, ['client', 'server', 'schema']);
const demo = readModules(root, ['demo']);
const tests = readModules(root, ['test']);

describe('the architecture', () => {
  test.each<[keyof typeof RULES, string, ReturnType<typeof readModules>]>([
    ['imports', 'each step of the path knows only what lies before it', [...library, ...demo]],
    ['cycles', 'no file imports itself, types included', [...library, ...demo]],
    ['ports', 'time, chance, storage, locks and the network come in through ports', library],
    ['exports', 'what a file exports is named', [...library, ...tests]],
    ['size', 'a file has at most 300 lines', [...library, ...demo]],
    ['names', 'files are named after one noun in kebab-case', [...library, ...demo, ...tests]],
  ])('%s: %s', (rule, _, modules) => {
    expect(RULES[rule]?.(modules).map(describeBreach)).toEqual([]);
  });

  test('every area of the table exists, and every place that it names', () => {
    const places = Object.entries(AREAS)
      .flatMap(([area, { may = [], mayTypes = [] }]) => [area, ...may, ...mayTypes])
      .map((place) => place.replace(/\/\*$/, ''));
    expect([...new Set(places)].filter((place) => !existsSync(join(root, place)))).toEqual([]);
  });
});

test('what the documents link to is there', () => {
  const decisions = readdirSync(join(root, '.github/decisions')).map((name) => `.github/decisions/${name}`);
  const links = ['README.md', '.github/CONTRIBUTING.md', 'schema/PROTOCOL.md', ...decisions].flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => ({ document, link })),
  );
  expect(links.filter(({ document, link }) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  expect(links.length).toBeGreaterThan(20);
});

describe('the rules catch what they are there for', () => {
  const breaches = (rule: keyof typeof RULES, files: Readonly<Record<string, string>>): string[] =>
    (RULES[rule]?.(Object.entries(files).map(([path, text]) => parseModule(path, text))) ?? []).map(describeBreach);

  test.each([
    ['client/outbox/outbox.ts', "import { OfflineCache } from '../cache/offline-cache.ts';", 'client/cache/offline-cache.ts'],
    ['client/outbox/outbox.ts', "import type { OfflineCache } from '../cache/offline-cache.ts';", 'types of client/cache/offline-cache.ts'],
    ['client/outbox/outbox.ts', "export { gql } from '@apollo/client/core';", '@apollo/client'],
    ['client/outbox/outbox.ts', "type Client = import('@apollo/client').ApolloClient;", 'types of @apollo/client'],
    ['client/replay/drain.ts', "const load = () => import('../links/send.ts');", 'client/links/send.ts'],
    ['client/replay/drain.ts', "import '../adapters/browser.ts';", 'client/adapters/browser.ts'],
    ['client/control.ts', "import { systemClock } from './adapters/browser.ts';", 'client/adapters/browser.ts'],
    ['client/options.ts', "import { ApolloCache } from '@apollo/client';", '@apollo/client'],
    ['client/react/status.ts', "import { createStatus } from '../status.ts';", 'client/status.ts'],
    ['client/cache/journal.ts', "import { drain } from '../replay/drain.ts';", 'client/replay/drain.ts'],
    ['client/connection/probe.ts', "import { plan } from '../replay/lanes.ts';", 'client/replay/lanes.ts'],
    ['client/cache/journal.ts', "import { sqliteStore } from '../../server/index.ts';", 'server/index.ts'],
    ['server/read.ts', "import { merge } from '../client/conflict/merge.ts';", 'client/conflict/merge.ts'],
    ['server/store/sql.ts', "import { parse } from 'graphql';", 'graphql'],
    ['server/scope.ts', "import { sqliteStore } from './store/sqlite.ts';", 'server/store/sqlite.ts'],
    ['server/mutation/once.ts', "import { sqliteStore } from '../store/sqlite.ts';", 'server/store/sqlite.ts'],
    ['schema/merge.ts', "import { Outbox } from '../client/outbox/outbox.ts';", 'client/outbox/outbox.ts'],
    ['schema/merge.ts', "import { deepEqual } from 'fast-equals';", 'fast-equals'],
    ['demo/app/client.ts', "import { createOffline } from '../../client/index.ts';", 'client/index.ts'],
  ])('imports: %s: %s', (path, text, target) => {
    const [found, ...more] = breaches('imports', { [path]: `// line 1\n${text}` });
    expect(found).toContain(`${path}:2 [imports]`);
    expect(found).toContain(`may not import ${target}:`);
    expect(more).toEqual([]);
  });

  test.each([
    ['client/outbox/outbox.ts', "import { OfflineError } from '../errors.ts';\nimport { equal } from '../../schema/equal.ts';"],
    ['client/options.ts', "import type { ApolloCache } from '@apollo/client';\nimport { type ApolloCache as B } from '@apollo/client';"],
    ['client/links/retry-link.ts', "import type { RequestOutcome } from '../connection/connection-state.ts';"],
    ['client/offline.ts', "import { systemClock } from './adapters/browser.ts';\nimport { ApolloLink } from '@apollo/client';"],
    ['client/connection/probe.ts', "import { backoff } from '../replay/backoff.ts';"],
    ['demo/app/client.ts', "import { createOffline } from 'farside';"],
  ])('imports: %s may: %s', (path, text) => {
    expect(breaches('imports', { [path]: text })).toEqual([]);
  });

  test('imports: a folder that the table does not know', () => {
    expect(breaches('imports', { 'elsewhere/x.ts': '' })).toEqual([expect.stringContaining('belongs to no area')]);
  });

  test('cycles: through several files, and through types alone', () => {
    const files = {
      'client/outbox/a.ts': "import { b } from './b.ts';",
      'client/outbox/b.ts': "\nimport type { C } from './c.ts';",
      'client/outbox/c.ts': "export { type A } from './a.ts';",
      'client/outbox/d.ts': "import { a } from './a.ts';",
    };
    expect(breaches('cycles', files)).toEqual([
      expect.stringContaining(
        'client/outbox/a.ts:1 [cycles] imports itself by way of client/outbox/b.ts → client/outbox/c.ts → client/outbox/a.ts',
      ),
    ]);
  });

  test.each([
    'const now = Date.now();',
    'const today = new Date();',
    'const text = Date();',
    'const chance = Math.random();',
    'setTimeout(run, 10);',
    'setInterval(run, 10);',
    'const online = navigator.onLine;',
    'const id = crypto.randomUUID();',
    'console.log(1);',
    'indexedDB.open("x");',
    'const saved = localStorage;',
    'window.addEventListener("online", run);',
    'const clock = { now: Date.now };',
    'const ports = { fetch };',
    'const root = globalThis;',
  ])('ports: %s', (text) => {
    expect(breaches('ports', { 'client/outbox/x.ts': text })).not.toEqual([]);
    expect(breaches('ports', { 'schema/x.ts': text })).not.toEqual([]);
    expect(
      breaches('ports', { 'client/adapters/x.ts': text, 'client/react/x.ts': text, 'client/worker/x.ts': text, 'server/x.ts': text }),
    ).toEqual([]);
  });

  test('ports: a given date may be read, and members may have any name', () => {
    const text =
      'const at = Date.parse(text) + new Date(ms).getTime() + Math.max(1, 2);\nconst x = { window: 1, fetch() {} };\nx.window; // Date.now()';
    expect(breaches('ports', { 'client/outbox/x.ts': text })).toEqual([]);
  });

  test.each([
    "export * from './b.ts';",
    "export * as b from './b.ts';",
    'export default 1;',
    'export default function f() {}',
    'export default class {}',
    'const a = 1;\nexport { a as default };',
  ])('exports: %s', (text) => {
    expect(breaches('exports', { 'client/x.ts': text })).toHaveLength(1);
  });

  test('size: 300 lines are enough', () => {
    expect(breaches('size', { 'client/x.ts': 'x;\n'.repeat(300) })).toEqual([]);
    expect(breaches('size', { 'client/x.ts': 'x;\n'.repeat(301) })).toEqual([expect.stringContaining('has 301 lines')]);
  });

  test.each(['client/OutboxLink.ts', 'client/outbox_link.ts', 'client/outboxLink.ts', 'demo/app/App.tsx'])('names: %s', (path) => {
    expect(breaches('names', { [path]: '' })).toHaveLength(1);
  });
});
