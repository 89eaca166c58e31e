import fc from 'fast-check';
import { buildSchema, graphqlSync, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { splitOperation } from '../../../client/outbox/operation.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import { batchDocument, planBatches, splitAnswer } from '../../../client/replay/document-batch.ts';
import type { Answer } from '../../../client/replay/outcome.ts';
import { createDesk } from '../outbox/records.ts';

const schema = buildSchema(/* GraphQL */ `
  directive @ticket(id: String!) on FIELD
  type Query { ok: Boolean }
  type Note { id: ID! text(upper: Boolean, cut: Int = 3): String by: Person }
  type Person { name(long: Boolean): String }
  input NoteInput { text: String, tags: [String!] }
  type Mutation {
    addNote(id: ID!, input: NoteInput, at: Int = 7): Note
    rename(id: ID!, name: String!): Person
    ping: Boolean
  }
`);
const rootValue = {
  addNote: ({ id, input, at }: { id: string; input?: { text?: string }; at: number }) => ({
    id,
    text: ({ upper, cut }: { upper?: boolean; cut: number }) => `${input?.text} at ${at}, ${upper}, ${cut}`,
    by: { name: ({ long }: { long?: boolean }) => `who made ${id}, ${long}` },
  }),
  rename: ({ id, name }: { id: string; name: string }) => ({ name: ({ long }: { long?: boolean }) => `${id} is ${name}, ${long}` }),
  ping: () => true,
};

const template = createDesk().draft('updateSite', { id: 's' });
let made = 0;
function recordOf(text: string, variables: Readonly<Record<string, unknown>> = {}, more: Partial<MutationRecord> = {}): MutationRecord {
  const [part] = splitOperation(parse(text), variables, null);
  if (!part) throw new Error('expected one root field');
  const { document, operationName, field, responseKey } = part;
  made += 1;
  return {
    ...template,
    id: `r${made}`,
    mutationId: made,
    base: null,
    document,
    operationName,
    field,
    responseKey,
    variables: part.variables,
    ...more,
  };
}

/** Documents as people write them: the same names for other things, fragments in fragments, variables in fragments, defaults. */
const WRITTEN = [
  'mutation A($id: ID!, $text: String) { addNote(id: $id, input: { text: $text }) { ...Parts } } fragment Parts on Note { id text }',
  'mutation A($id: ID!, $text: String = "so") { mine: addNote(id: $id, input: { text: $text, tags: ["a"] }, at: 1) { ...Parts } } fragment Parts on Note { text(upper: true) by { ...Who } } fragment Who on Person { name }',
  'mutation B($id: ID!, $text: String, $on: Boolean!) { addNote(id: $id, input: { text: $text }) @ticket(id: "x") { ...Parts } } fragment Parts on Note { id ...More } fragment More on Note { text(upper: $on) by { ...Who @include(if: $on) } } fragment Who on Person { name(long: $on) }',
  'mutation ($id: ID!, $text: String!) { rename(id: $id, name: $text) { m0: name ...Who } } fragment Who on Person { name }',
  'mutation m1 { ping }',
] as const;
const record = fc
  .record({ at: fc.nat(WRITTEN.length - 1), id: fc.string({ minLength: 1 }), text: fc.string(), on: fc.boolean() })
  .map(({ at, ...variables }) => recordOf(WRITTEN[at] as string, variables));

const run = (document: string, variables: Readonly<Record<string, unknown>>): Answer => {
  expect(validate(schema, parse(document))).toEqual([]);
  const { data, errors = [] } = graphqlSync({ schema, source: document, rootValue, variableValues: variables });
  return { kind: 'result', data: data ?? null, errors: errors.map(({ message, path }) => ({ message, path })), extensions: {} };
};

describe('many records in one document', () => {
  it('each gets the answer that it would have got alone, whatever names they share', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 12 }), (records) => {
        const { document, variables, keys } = batchDocument(records);
        const answers = splitAnswer(run(document, variables), records, keys);
        expect(answers).toEqual(records.map((each) => run(each.document, each.variables)));
      }),
    );
  });

  it('has the same text for the same documents in the same places, and each fragment once', () => {
    const two = () => [recordOf(WRITTEN[0], { id: '1', text: 'a' }), recordOf(WRITTEN[0], { id: '2', text: 'b' })];
    const first = batchDocument(two());
    expect(batchDocument(two()).document).toBe(first.document);
    expect(first.document.match(/fragment /g)).toHaveLength(1);
    expect(first.document).toBe(print(parse(first.document)));
    expect(first.document).toMatchInlineSnapshot(`
      "mutation OfflineBatch($m0_id: ID!, $m0_text: String, $m1_id: ID!, $m1_text: String) {
        m0: addNote(id: $m0_id, input: {text: $m0_text}) {
          ...f0_Parts
        }
        m1: addNote(id: $m1_id, input: {text: $m1_text}) {
          ...f0_Parts
        }
      }

      fragment f0_Parts on Note {
        id
        text
      }"
    `);
  });
});

describe('which records share a document', () => {
  const plain = (more: Partial<MutationRecord> = {}) => recordOf('mutation m { ping }', {}, more);
  const limits = { maxCount: 3, maxBytes: 1_000 };
  const plan = (records: readonly MutationRecord[], count = 4, most = Number.POSITIVE_INFINITY) =>
    planBatches(records, count, limits, () => most).map((batch) => batch.map((each) => records.indexOf(each)));

  it('as many as fit, in order, and no more documents than asked for', () => {
    expect(plan(Array.from({ length: 8 }, () => plain()))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
    expect(
      plan(
        Array.from({ length: 8 }, () => plain()),
        2,
      ),
    ).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(plan([plain(), plain()], 0)).toEqual([]);
    expect(
      plan(
        Array.from({ length: 3 }, () => plain()),
        4,
        2,
      ),
    ).toEqual([[0, 1], [2]]);
  });

  it('those of one tab, because a request names one client; and of one priority, so that nobody urgent waits for the rest', () => {
    const records = [plain(), plain({ clientId: 'other' }), plain(), plain({ clientId: 'other' }), plain({ priority: 'low' })];
    expect(plan(records)).toEqual([[0, 2], [1, 3], [4]]);
  });

  it('bounded by bytes too; what is too large for any goes alone', () => {
    const long = (length: number) => plain({ variables: { text: 'ü'.repeat(length / 2) } });
    expect(plan([long(600), long(200), long(300), long(5_000)])).toEqual([[0, 1], [2], [3]]);
  });

  it('what hangs on its whole document goes alone: directives of the operation, answers in parts, text that is no document', () => {
    const alone = [
      plain({ document: 'mutation m @live { ping }' }),
      plain({ document: 'mutation m { addNote(id: 1) { ... @defer { id } } }' }),
      plain({ document: 'mutation m { a: ping b: ping }' }),
      plain({ document: 'query q { ok }' }),
      plain({ document: 'mutation {' }),
    ];
    for (const each of alone) expect(plan([plain(), each, plain()])).toEqual([[0, 2], [1]]);
  });
});

describe('one answer for many', () => {
  const records = [recordOf('mutation { a: ping }'), recordOf('mutation { ping }'), recordOf('mutation { c: ping }')];
  const keys = ['m0', 'm1', 'm2'];
  const result = (more: Partial<Extract<Answer, { kind: 'result' }>>): Answer => ({
    kind: 'result',
    data: { m0: 1, m1: 2, m2: 3 },
    errors: [],
    extensions: {},
    ...more,
  });
  const split = (answer: Answer) => splitAnswer(answer, records, keys) as readonly Extract<Answer, { kind: 'result' }>[];

  it('an error goes to the record that its path names, with the path as that record knows it', () => {
    const answers = split(result({ data: { m0: 1, m1: null, m2: 3 }, errors: [{ message: 'no', path: ['m1', 'x', 0] }] }));
    expect(answers.map(({ data }) => data)).toEqual([{ a: 1 }, { ping: null }, { c: 3 }]);
    expect(answers.map(({ errors }) => errors)).toEqual([[], [{ message: 'no', path: ['ping', 'x', 0] }], []]);
  });

  it.each([
    ['no path', undefined],
    ['the path of a server that leaves aliases out', ['ping']],
  ])('an error with %s is about those that got nothing', (_what, path) => {
    const answers = split(result({ data: { m0: 1, m1: null, m2: 3 }, errors: [{ message: 'no', path }] }));
    expect(answers.map(({ errors }) => errors.length)).toEqual([0, 1, 0]);
  });

  it('a null that the server calls applied is one, whatever else failed', () => {
    const extensions = { offline: { protocol: 1, mutations: { m0: { outcome: 'applied' }, m2: { outcome: 'conflict' } }, epoch: 'e' } };
    const answers = split(result({ data: { m0: null, m1: null, m2: 3 }, errors: [{ message: 'no' }], extensions }));
    expect(answers.map(({ errors }) => errors.length)).toEqual([0, 1, 0]);
    expect(answers.map(({ extensions: own }) => own.offline)).toEqual([
      { protocol: 1, mutations: { a: { outcome: 'applied' } }, epoch: 'e' },
      { protocol: 1, mutations: {}, epoch: 'e' },
      { protocol: 1, mutations: { c: { outcome: 'conflict' } }, epoch: 'e' },
    ]);
  });

  it('data that a non-null field took with it leaves the others unanswered, not refused', () => {
    const answers = split(result({ data: null, errors: [{ message: 'no', path: ['m1'] }] }));
    expect(answers.map(({ data, errors }) => [data, errors.length])).toEqual([
      [null, 0],
      [null, 1],
      [null, 0],
    ]);
  });

  const refusals: readonly Answer[] = [
    result({ data: null, errors: [{ message: 'x', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }),
    result({ data: null, errors: [{ message: 'x' }] }),
    result({ data: null, errors: [{ message: 'x', extensions: { code: 'BAD_OFFLINE_EXTENSION' } }] }),
    { kind: 'status', status: 400, retryAfter: null },
    { kind: 'status', status: 413, retryAfter: null },
  ];
  it.each(refusals)('a document that the server would not have is refused as a whole: %j', (answer) => {
    expect(splitAnswer(answer, records, keys)).toBe('refused');
  });

  const nobodys: readonly Answer[] = [
    result({ data: null, errors: [{ message: 'x', extensions: { code: 'UNAUTHENTICATED' } }] }),
    result({ data: null, errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }),
    result({ data: null }),
    { kind: 'status', status: 401, retryAfter: null },
    { kind: 'status', status: 503, retryAfter: '3' },
    { kind: 'unreachable', message: 'x' },
    { kind: 'unreadable', message: 'x' },
  ];
  it.each(nobodys)('what is about no record in particular is said to each of them: %j', (answer) => {
    expect(splitAnswer(answer, records, keys)).toEqual([answer, answer, answer]);
  });
});
