import { readFileSync } from 'node:fs';
import { buildSchema, type DocumentNode, Kind, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createCompletion } from '../../../client/outbox/completion.ts';
import * as documents from '../../../demo/generated/documents.ts';
import { manifest } from './records.ts';

const schema = buildSchema(readFileSync(new URL('../../../demo/generated/schema.graphql', import.meta.url), 'utf8'));
const complete = createCompletion(manifest);

function completed(source: string | DocumentNode): string {
  const document = typeof source === 'string' ? parse(source) : source;
  expect(validate(schema, document), 'the document itself').toEqual([]);
  const result = complete(document);
  expect(validate(schema, result), print(result)).toEqual([]);
  return print(result);
}

const mutations = Object.entries(documents).filter((entry): entry is [string, DocumentNode] => {
  const document = entry[1] as Partial<DocumentNode>;
  return (
    document.kind === Kind.DOCUMENT &&
    document.definitions?.some((node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === 'mutation') === true
  );
});

describe('what is added to a mutation', () => {
  it.each(mutations)('of the demo stands in the schema: %s', (_name, document) => {
    const text = completed(document);
    for (const wanted of [
      'conflictCode: code',
      'rejectedCode: code',
      'currentVersion',
      'conflictingFields',
      'mergedFields',
      '_version',
      '_deleted',
    ])
      expect(text).toContain(wanted);
  });

  it('is the whole entity, so that what stands in the cache after an acknowledgement includes the write', () => {
    const text = completed('mutation M($i: UpdateInspectionInput!) { updateInspection(input: $i) { __typename } }');
    for (const field of Object.keys(manifest.types.Inspection?.fields ?? {})) expect(text.split(field).length).toBeGreaterThan(2);
  });

  it('is the same document for the same document, and nothing for what the manifest does not know', () => {
    const document = parse('mutation M($i: DeleteSiteInput!) { deleteSite(input: $i) { __typename } }');
    expect(complete(document)).toBe(complete(document));
    for (const other of ['mutation M { custom { id } }', 'query Q { sites { nodes { id } } }', 'subscription S { syncHint { cursor } }']) {
      const parsed = parse(other);
      expect(complete(parsed)).toBe(parsed);
    }
  });
});

describe('one response key never gets two meanings', () => {
  const around = (payload: string, fragments = ''): string =>
    `mutation M($i: UpdateInspectionInput!) { updateInspection(input: $i) { ${payload} } } ${fragments}`;

  it.each([
    [
      'codes of both unions by their own alias',
      around('... on InspectionConflict { code message } ... on MutationRejected { reason: code message }'),
    ],
    ['the code through the interface', around('... on Conflict { code } ... on MutationRejected { message }')],
    ['a field renamed onto another', around('... on UpdateInspectionPayload { inspection { title: notes notes: title } }')],
    [
      'a renamed field in a fragment',
      around('...P', 'fragment P on UpdateInspectionPayload { inspection { ...F } } fragment F on Inspection { visits: inspector }'),
    ],
    ['a renamed field in the conflict’s server', around('... on InspectionConflict { server { passed: title } }')],
    ['a renamed entity', around('... on UpdateInspectionPayload { item: inspection { title: notes } }')],
    ['a reference with other fields', around('... on UpdateInspectionPayload { inspection { site { id name region } } }')],
    [
      'a reference whose id is something else',
      around('... on UpdateInspectionPayload { inspection { site { id: name __typename: region } } }'),
    ],
    ['a reference renamed', around('... on UpdateInspectionPayload { inspection { site: id } }')],
    ['a version renamed', around('... on UpdateInspectionPayload { inspection { _version: title v: _version } }')],
    [
      'fields behind @include',
      around('... on UpdateInspectionPayload { inspection { title @include(if: true) site @skip(if: false) { id } } }'),
    ],
  ])('%s', (_name, document) => {
    completed(document);
  });

  it('what is not in the way is still asked for', () => {
    const text = completed(around('... on UpdateInspectionPayload { item: inspection { title: notes } }'));
    expect(text).toMatch(/\n {6}inspection \{[\s\S]*?\n {8}title\n[\s\S]*?\n {6}\}/);
  });

  it('several root fields, aliased, are each completed', () => {
    const text = completed(
      'mutation M($a: DeleteSiteInput!, $b: CreateSiteInput!) { x: deleteSite(input: $a) { __typename } y: createSite(input: $b) { __typename } }',
    );
    expect(text.match(/conflictCode: code/g)).toHaveLength(2);
  });
});
