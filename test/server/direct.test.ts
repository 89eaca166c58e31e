import { getOperationAST, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlanner } from '../../server/mutation/plan.ts';
import { memoryStore } from '../../server/store/memory.ts';
import { createWorld } from './world.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

/** Another plugin's executor: whatever it does with an operation, it wants to be asked. */
function createWrapper(): { readonly plugin: Plugin; readonly calls: () => number } {
  let calls = 0;
  const plugin: Plugin = {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        calls += 1;
        return executeFn(args);
      });
    },
  };
  return { plugin, calls: () => calls };
}

const WHOLE = '__typename id _version _lastChangedAt _deleted title done severity count tags site { __typename id }';
const RESULT = `__typename
  ... on UpdateTodoPayload { todo { ${WHOLE} } mergedFields }
  ... on Conflict { code message expectedVersion currentVersion conflictingFields lease { holder isYours } }
  ... on TodoConflict { server { ...Todo } }
  ... on MutationRejected { code message field }`;
const FRAGMENT = `fragment Todo on Todo { ${WHOLE} ...Part } fragment Part on Versioned { id version: _version }`;
const SITE = 'a: createSite(input: { id: "s", name: "pit" }) { __typename }';
const TODO =
  'b: createTodo(input: { id: "t", title: "one", tags: ["x", "y"], severity: HIGH, count: 0, done: false, siteId: "s" }) { __typename }';

/** Documents in turn, each with its variables; the last ones make conflicts and refusals. */
const DIRECT: readonly (readonly [string, object?])[] = [
  [`mutation { ${SITE} ${TODO} }`],
  [`mutation ($v: UpdateTodoInput!) { a: updateTodo(input: $v) { ${RESULT} } } ${FRAGMENT}`, { v: { id: 't', _version: 1, title: 'two' } }],
  [
    `mutation ($id: ID = "t", $title: String!) { updateTodo(input: { id: $id, _version: 2, title: $title, done: null }) { ${RESULT} } } ${FRAGMENT}`,
    { title: 'three' },
  ],
  [
    'mutation { a: updateTodo(input: { id: "t", _version: 3, tags: [] }) { ... on UpdateTodoPayload { todo { t: tags } } ... on UpdateTodoPayload { todo { again: tags id } } } }',
  ],
  [`mutation { a: updateTodo(input: { id: "t", _version: 1, title: "mine" }) { ${RESULT} } } ${FRAGMENT}`],
  [`mutation { a: updateTodo(input: { id: "t", _version: 77, title: "mine" }) { ${RESULT} } } ${FRAGMENT}`],
  [`mutation { a: updateTodo(input: { id: "t", _version: 4, siteId: null }) { ${RESULT} } } ${FRAGMENT}`],
  [
    'mutation { a: deleteTodo(input: { id: "t", _version: 5 }) { ... on DeleteTodoPayload { todo { id _deleted site { id } } } } b: updateTodo(input: { id: "t", _version: 5, title: "late" }) { ... on TodoConflict { code server { id } } } }',
  ],
];
const FOR_THE_EXECUTOR: readonly (readonly [string, object?])[] = [
  [
    'mutation { a: createTodo(input: { id: "u", title: "u", tags: [], siteId: "s" }) { ... on CreateTodoPayload { todo { site { name } } } } }',
  ],
  ['mutation { a: createTodo(input: { id: "v", title: "v", tags: [] }) { ... on CreateTodoPayload { todo { secret } } } }'],
  [
    'mutation ($no: Boolean!) { a: createTodo(input: { id: "w", title: "w", tags: [] }) { __typename ... on CreateTodoPayload { todo { id title @skip(if: $no) } } } }',
    { no: true },
  ],
  ['mutation { a: act(id: "x", how: "") { value } }'],
];

describe('a document of generated writes without the executor', () => {
  const wrapper = createWrapper();
  let worlds: readonly [ReturnType<typeof createWorld>, ReturnType<typeof createWorld>];
  beforeEach(() => {
    const now = () => NOW;
    worlds = [createWorld(memoryStore(), { now }), createWorld(memoryStore(), { now, plugins: [wrapper.plugin] })];
  });
  afterEach(async () => {
    for (const { store } of worlds) await store.close();
  });

  const aliasesOf = (query: string): readonly string[] =>
    (getOperationAST(parse(query))?.selectionSet.selections ?? []).map((node) =>
      node.kind === 'Field' ? (node.alias?.value ?? node.name.value) : '',
    );
  const isDirect = (query: string): boolean => {
    const document = parse(query);
    const operation = getOperationAST(document);
    if (operation == null) throw new Error('expected one operation');
    return createPlanner().plan(worlds[0].schema, document, operation, { no: true }).direct !== null;
  };

  it('answers, byte for byte, what it answers with the executor', async () => {
    let id = 0;
    const epoch = /"epoch":"[^"]*"/;
    for (const [query, variables = {}] of [...DIRECT, ...FOR_THE_EXECUTOR]) {
      const ids = Object.fromEntries(aliasesOf(query).map((key) => [key, ++id]));
      const [direct, executed] = [await worlds[0].deliver(query, ids, { variables }), await worlds[1].deliver(query, ids, { variables })];
      expect(direct.text.replace(epoch, '')).toBe(executed.text.replace(epoch, ''));
      const again = await worlds[0].deliver(query, ids, { variables });
      expect(JSON.stringify(again.data)).toBe(JSON.stringify(direct.data));
    }
  });

  it('is what simply reads the results; the rest is for the executor', () => {
    expect(DIRECT.map(([query]) => isDirect(query))).toEqual(DIRECT.map(() => true));
    expect(FOR_THE_EXECUTOR.map(([query]) => isDirect(query))).toEqual(FOR_THE_EXECUTOR.map(() => false));
  });

  it('never passes by an executor of another plugin', async () => {
    const before = wrapper.calls();
    await worlds[1].deliver(`mutation { ${SITE} }`, { a: 1 });
    expect(wrapper.calls() - before).toBe(1);
  });

  it('where a value is not what its type says, the executor finds the words', async () => {
    const [world] = worlds;
    await world.deliver(`mutation { ${TODO.replace(', siteId: "s"', '')} }`, { b: 1 });
    // As a column that lost its rule would have it.
    await world.store.write(async (transaction) => {
      const stored = await transaction.get('Todo', 't');
      if (stored !== null) await transaction.put('Todo', { ...stored, row: { ...stored.row, tags: null } });
    });
    const query =
      'mutation { a: updateTodo(input: { id: "t", _version: 1, done: true }) { ... on UpdateTodoPayload { todo { id tags } } } }';
    expect(isDirect(query)).toBe(true);
    const answer = await world.deliver(query, { a: 2 });
    expect(answer.errors?.map(({ path }) => path?.join('.'))).toEqual(['a.todo.tags']);
  });

  it('a response key that would be a prototype is a key like any other', async () => {
    const query = 'mutation { a: createSite(input: { id: "p", name: "p" }) { ... on CreateSitePayload { site { __proto__: name id } } } }';
    const { text } = await worlds[0].deliver(query, { a: 1 });
    expect(text).toContain('{"__proto__":"p","id":"p"}');
  });
});
