import { buildASTSchema, buildSchema, lexicographicSortSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { expandSchema } from '../../schema/expand.ts';
import { offlineManifest } from '../../schema/offline-manifest.ts';
import { OFFLINE_SDL } from '../../schema/offline-sdl.ts';
import { SchemaError } from '../../schema/problem.ts';
import { PROTOCOL_VERSION } from '../../schema/protocol.ts';

const manifestOf = (sdl: string) => offlineManifest(buildASTSchema(expandSchema(sdl).document));

const todo = `
  type List @versioned(list: "folders") { id: ID!  name: String! }
  type Todo @versioned(merge: CLIENT_WINS) { id: ID!  list: List  title: String! @merge(strategy: REPORT)  tags: [String!]! @merge(strategy: SET_UNION)  size: Float  shout: String @computed }
`;

describe('offlineManifest', () => {
  it('knows fields, their input names and strategies', () => {
    const manifest = manifestOf(todo);
    expect(manifest.protocol).toBe(PROTOCOL_VERSION);
    expect(manifest.types.Todo).toEqual({
      version: 'COUNTER',
      fields: {
        list: { kind: 'reference', input: 'listId', type: 'List', list: false, nullable: true, strategy: 'CLIENT_WINS' },
        title: { kind: 'value', input: 'title', type: 'String', list: false, nullable: false, strategy: 'REPORT' },
        tags: { kind: 'value', input: 'tags', type: 'String', list: true, nullable: false, strategy: 'SET_UNION' },
        size: { kind: 'value', input: 'size', type: 'Float', list: false, nullable: true, strategy: 'CLIENT_WINS' },
      },
    });
  });

  it('knows mutations and queries by root field', () => {
    const manifest = manifestOf(todo);
    expect(manifest.mutations.updateTodo).toEqual({
      kind: 'update',
      typename: 'Todo',
      input: 'input',
      inputType: 'UpdateTodoInput',
      payload: 'UpdateTodoPayload',
      entity: 'todo',
      conflict: 'TodoConflict',
      lease: true,
    });
    expect(Object.keys(manifest.mutations).sort()).toEqual([
      'createList',
      'createTodo',
      'deleteList',
      'deleteTodo',
      'updateList',
      'updateTodo',
    ]);
    expect(manifest.queries).toEqual({
      list: { kind: 'entity', typename: 'List' },
      folders: { kind: 'list', typename: 'List' },
      todo: { kind: 'entity', typename: 'Todo' },
      todos: { kind: 'list', typename: 'Todo' },
    });
  });

  it('reads a schema written by hand by its shape, and leaves out what does not have it', () => {
    const manifest = offlineManifest(
      buildSchema(`${OFFLINE_SDL}
        type Note implements Versioned @versioned { id: ID! text: String! _version: Version! _lastChangedAt: DateTime! _deleted: Boolean! }
        input Patch { id: ID! _version: Version! text: String }
        type Saved { saved: Note! mergedFields: [String!]! }
        type NoteConflict implements Conflict {
          code: ConflictCode! message: String! expectedVersion: Version currentVersion: Version conflictingFields: [String!]! server: Note
        }
        union Outcome = NoteConflict | Saved | MutationRejected
        type Mutation { updateNote(patch: Patch!): Outcome  createNote(text: String!): Note  touch(id: ID!): Outcome }
        type Query { note(id: ID!): Note  notes: [Note!]!  sync(since: SyncCursor): SyncPage! }
      `),
    );
    expect(manifest.mutations).toEqual({
      updateNote: {
        kind: 'update',
        typename: 'Note',
        input: 'patch',
        inputType: 'Patch',
        payload: 'Saved',
        entity: 'saved',
        conflict: 'NoteConflict',
      },
    });
    expect(manifest.queries).toEqual({ note: { kind: 'entity', typename: 'Note' } });
  });

  it('refuses a schema that it would misread', () => {
    const sdl = `${OFFLINE_SDL} type A @versioned { id: ID! n: String @merge(strategy: COUNTER) } type Query { a: A }`;
    expect(() => offlineManifest(buildSchema(sdl))).toThrow(SchemaError);
  });

  it('is plain JSON', () => {
    const manifest = manifestOf(todo);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });
});

describe('schemaHash', () => {
  it('is the same for the same schema in another order, or with other descriptions', () => {
    const expanded = buildASTSchema(expandSchema(todo).document);
    expect(offlineManifest(lexicographicSortSchema(expanded)).schemaHash).toBe(offlineManifest(expanded).schemaHash);
    expect(manifestOf(todo.replace('type Todo', '"A thing to do." type Todo')).schemaHash).toBe(manifestOf(todo).schemaHash);
  });

  it('changes with whatever the client would do differently', () => {
    const changes = [
      todo.replace('size: Float', 'size: Int'),
      todo.replace('size: Float', 'size: Float!'),
      todo.replace('list: List ', 'list: List! '),
      todo.replace('"folders"', '"lists"'),
      todo.replace('CLIENT_WINS', 'SERVER_WINS'),
      todo.replace('title: String!', 'title: String! note: String'),
    ];
    const hashes = [todo, ...changes].map((sdl) => manifestOf(sdl).schemaHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});
