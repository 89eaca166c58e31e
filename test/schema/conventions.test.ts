import { readFileSync } from 'node:fs';
import { buildASTSchema, buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { lintConventions } from '../../schema/conventions.ts';
import { expandSchema } from '../../schema/expand.ts';
import { OFFLINE_SDL } from '../../schema/offline-sdl.ts';
import { describeProblem } from '../../schema/problem.ts';

const demo = readFileSync(new URL('../../demo/schema.graphql', import.meta.url), 'utf8');

/** `Type.field: fix` of everything found. */
const lint = (sdl: string) => lintConventions(sdl).map(({ type, field, fix }) => `${field === null ? type : `${type}.${field}`}: ${fix}`);
const inTodo = (fields: string) =>
  lint(`scalar Json  enum Colour { RED }  type Site @versioned { id: ID! }  type Todo @versioned { id: ID! ${fields} }`);

it('finds nothing in a schema that keeps to them, expanded or not', () => {
  expect(lintConventions(demo)).toEqual([]);
  expect(lintConventions(buildASTSchema(expandSchema(demo).document))).toEqual([]);
});

it('says what is wrong in one line: type, field, message, fix', () => {
  const [problem] = lintConventions('type Todo @versioned { id: ID! n: String @merge(strategy: COUNTER) }');
  expect(problem && describeProblem(problem)).toBe(
    'Todo.n: COUNTER merges numbers, and this is String; make it Int! or Float!, or use another strategy',
  );
});

describe('annotated SDL', () => {
  it.each<[why: string, fields: string, expected: string]>([
    ['SET_UNION on what is no list', 'n: String! @merge(strategy: SET_UNION)', 'Todo.n: make it [String!]!, or use another strategy'],
    ['COUNTER on what is no number', 'n: [Int!]! @merge(strategy: COUNTER)', 'Todo.n: make it Int! or Float!, or use another strategy'],
    ['COUNTER on a reference', 'n: Site @merge(strategy: COUNTER)', 'Todo.n: make it Int! or Float!, or use another strategy'],
    ['text that is a list', 'n: [String!] @merge(strategy: TEXT)', 'Todo.n: make it String! or String, or use another strategy'],
    [
      'a strategy that does not exist',
      'n: String @merge(strategy: NEWEST)',
      'Todo.n: use one of REPORT, CLIENT_WINS, SERVER_WINS, LAST_WRITE_WINS, SET_UNION, COUNTER, TEXT',
    ],
    ['@merge on a computed field', 'n(a: Int): String @merge(strategy: REPORT)', 'Todo.n: remove @merge'],
    ['a type that is not there', 'n: Sight', 'Todo.n: define Sight, or use one of ID, String, Int, Float, Boolean, DateTime'],
    [
      'a scalar without storage',
      'n: Json',
      'Todo.n: use an enum or one of ID, String, Int, Float, Boolean, DateTime, or mark it @computed and write a resolver',
    ],
    ['a list of lists', 'n: [[Int!]!]!', 'Todo.n: use one list, or mark it @computed and write a resolver'],
    ['an own field of another type', '_version: Int!', 'Todo._version: write _version: Version!'],
    ['a field that filters have a use for', 'not: String', 'Todo.not: rename the field, or mark it @computed and write a resolver'],
    [
      'a field that every object has',
      'constructor: String',
      'Todo.constructor: rename the field, or mark it @computed and write a resolver',
    ],
    ['a name beginning with an underscore', '_n: Int', 'Todo._n: rename the field, or mark it @computed and write a resolver'],
    ['siteId beside site', 'site: Site siteId: ID', 'Todo.siteId: rename siteId or site'],
    ['siteId before site', 'siteId: ID site: Site', 'Todo.site: rename site or siteId'],
    ['names that SQL cannot tell apart', 'dueOn: Int dueon: Int', 'Todo.dueon: rename dueon or dueOn'],
  ])('%s', (_why, fields, expected) => {
    expect(inTodo(fields)).toEqual([expected]);
  });

  it('lets through what is stored, referred to or computed', () => {
    expect(
      inTodo(
        'a: ID b: String! c: Int d: Float! e: Boolean f: DateTime g: Colour h: [Colour!]! i: Site! j: [Site!]! k(at: Int): String l: Json @computed m: [[Int]] @computed',
      ),
    ).toEqual([]);
  });

  it.each<[why: string, sdl: string, expected: string]>([
    ['no id', 'type A @versioned { n: Int }', 'A.id: add the field id: ID!'],
    ['another id', 'type A @versioned { id: Int! }', 'A.id: write id: ID!'],
    [
      'a version kind that is none',
      'type A @versioned(by: NEWEST) { id: ID! }',
      'A: use @versioned(by: COUNTER or HYBRID_CLOCK or VERSION_VECTOR)',
    ],
    [
      'a type default that only lists have',
      'type A @versioned(merge: SET_UNION) { id: ID! }',
      'A: use @versioned(merge: REPORT or CLIENT_WINS or SERVER_WINS or LAST_WRITE_WINS), and @merge on single fields',
    ],
    [
      'a type default that only text has',
      'type A @versioned(merge: TEXT) { id: ID! }',
      'A: use @versioned(merge: REPORT or CLIENT_WINS or SERVER_WINS or LAST_WRITE_WINS), and @merge on single fields',
    ],
    ['a list name that is none', 'type A @versioned(list: "a b") { id: ID! }', 'A: write for example @versioned(list: "people")'],
    ['a small letter', 'type todo @versioned { id: ID! }', 'todo: rename it to Todo'],
    ['@merge without @versioned', 'type A { n: Int @merge(strategy: COUNTER) }', 'A.n: write type A @versioned, or remove @merge'],
    ['a type of ours', 'type A @versioned { id: ID! } type SyncPage { n: Int }', 'SyncPage: rename the type'],
    ['a generated type', 'type A @versioned { id: ID! } type AConflict { n: Int }', 'AConflict: rename the type'],
    [
      'a generated root field',
      'type A @versioned { id: ID! } type Query { as: [A!]! }',
      'Query.as: remove it from the SDL (its resolver can be replaced through resolvers), or rename it',
    ],
    [
      'a list that is named like the entity',
      'type Sheep @versioned(list: "sheep") { id: ID! }',
      'Query.sheep: two types lead to one name: rename one, or give its list another name, @versioned(list: "…")',
    ],
    [
      'an entity named sync',
      'type Sync @versioned { id: ID! }',
      'Query.sync: two types lead to one name: rename one, or give its list another name, @versioned(list: "…")',
    ],
  ])('%s', (_why, sdl, expected) => {
    expect(lint(sdl)).toContain(expected);
  });

  it('finds everything at once', () => {
    expect(lint('type A @versioned { n: Json } type B @versioned { id: ID! s: Int @merge(strategy: TEXT) }')).toHaveLength(3);
  });
});

describe('a schema written by hand', () => {
  const note =
    'type Note implements Versioned @versioned { id: ID! text: String! _version: Version! _lastChangedAt: DateTime! _deleted: Boolean! }';
  const conflict =
    'type NoteConflict implements Conflict { code: ConflictCode! message: String! expectedVersion: Version currentVersion: Version conflictingFields: [String!]! server: Note }';
  const rest = `${conflict} type Saved { note: Note! } union Outcome = Saved | NoteConflict | MutationRejected  type Query { sync: SyncPage! }`;
  const lintHand = (sdl: string) =>
    lintConventions(buildSchema(OFFLINE_SDL + sdl)).map(({ type, field, fix }) => `${type}.${field}: ${fix}`);
  const patch = 'input Patch { id: ID! _version: Version! text: String }';

  it('passes when it keeps to the conventions', () => {
    expect(lintHand(`${note} ${rest} ${patch} type Mutation { updateNote(input: Patch!): Outcome  anything(n: Int): Boolean }`)).toEqual(
      [],
    );
  });

  it.each<[why: string, sdl: string, expected: readonly string[]]>([
    [
      'fields of Versioned are missing',
      `type Note @versioned { id: ID! text: String! } ${rest}`,
      [
        'Note._version: add _version: Version!',
        'Note._lastChangedAt: add _lastChangedAt: DateTime!',
        'Note._deleted: add _deleted: Boolean!',
        'Note.null: write type Note implements Versioned @versioned',
      ],
    ],
    ['a mutation is non-null', `${note} ${rest} type Mutation { go: Boolean! }`, ['Mutation.go: write go: Boolean']],
    [
      'an update has no input object',
      `${note} ${rest} type Mutation { updateNote(id: ID!): Outcome }`,
      ['Mutation.updateNote: write updateNote(input: …Input!)'],
    ],
    [
      'an update does not say on which version',
      `${note} ${rest} input Patch { id: ID! } type Mutation { updateNote(input: Patch!): Outcome }`,
      ['Mutation.updateNote: add id: ID! and _version: Version! to Patch'],
    ],
    [
      'an update demands every field',
      `${note} ${rest} input Patch { id: ID! _version: Version! text: String! } type Mutation { updateNote(input: Patch!): Outcome }`,
      ['Mutation.updateNote: make them nullable'],
    ],
    [
      'a result offers no conflict',
      `${note} ${rest} ${patch} type Mutation { updateNote(input: Patch!): Note }`,
      [
        'Mutation.updateNote: return a union of a payload, NoteConflict and MutationRejected, or rename the field (the client then treats it as custom)',
      ],
    ],
    [
      'nobody can ask what changed',
      `${note} type Query { n: Int }`,
      ['Query.sync: add sync(since: SyncCursor, types: [String!], limit: Int = 500): SyncPage!'],
    ],
  ])('%s', (_why, sdl, expected) => {
    expect(lintHand(sdl)).toEqual(expected);
  });
});
