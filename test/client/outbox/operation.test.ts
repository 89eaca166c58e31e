import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { splitOperation } from '../../../client/outbox/operation.ts';
import { manifest } from './records.ts';

const schema = buildSchema(readFileSync(new URL('../../../demo/generated/schema.graphql', import.meta.url), 'utf8'));
const split = (document: string, variables: Readonly<Record<string, unknown>> = {}) => splitOperation(parse(document), variables, manifest);

/** Every part must stand alone: valid against the schema, nothing unused, every variable defined. */
function valid(document: string, variables: Readonly<Record<string, unknown>> = {}) {
  const parts = split(document, variables);
  for (const part of parts) expect(validate(schema, parse(part.document)), part.document).toEqual([]);
  return parts;
}

describe('an operation is split into one part per root field', () => {
  it('in order, each with its own response key, and only the variables and fragments it uses', () => {
    const parts = valid(
      `mutation Both($first: CreateSiteInput!, $second: UpdateSiteInput!, $full: Boolean = true) {
        made: createSite(input: $first) { ...Result }
        updateSite(input: $second) { __typename ... on UpdateSitePayload @include(if: $full) { site { ...Site } } }
      }
      fragment Result on CreateSiteResult { ... on CreateSitePayload { site { ...Site } } }
      fragment Site on Site { id name }`,
      { first: { name: 'a', region: 'NORTH' }, second: { id: 's', name: 'b' } },
    );
    expect(
      parts.map(({ field, responseKey, operationName, inputVariable, variables }) => ({
        field,
        responseKey,
        operationName,
        inputVariable,
        variables,
      })),
    ).toEqual([
      {
        field: 'createSite',
        responseKey: 'made',
        operationName: 'Both',
        inputVariable: 'first',
        variables: { first: { name: 'a', region: 'NORTH' } },
      },
      {
        field: 'updateSite',
        responseKey: 'updateSite',
        operationName: 'Both',
        inputVariable: 'second',
        variables: { second: { id: 's', name: 'b' }, full: true },
      },
    ]);
    expect(parts[0]?.document).toContain('fragment Result');
    expect(parts[1]?.document).not.toContain('fragment Result');
    expect(parts[1]?.document).not.toContain('$first');
  });

  it('with nested and unused fragments, also fragments of the root', () => {
    const [part, ...others] = valid(
      `mutation M($input: DeleteSiteInput!) { ...Root }
      fragment Root on Mutation { ... on Mutation { deleteSite(input: $input) { ...Outer } } }
      fragment Outer on DeleteSiteResult { ...Inner }
      fragment Inner on DeleteSiteResult { __typename }`,
      { input: { id: 's' } },
    );
    expect(others).toEqual([]);
    expect(part).toMatchObject({ field: 'deleteSite', inputVariable: 'input' });
    expect(
      split(`mutation M { deleteSite(input: { id: "s", _version: 1 }) { __typename } } fragment Unused on Site { id }`)[0]?.document,
    ).not.toContain('Unused');
  });

  it('the same response key twice is one field with both selections', () => {
    const parts = valid(
      `mutation M($input: UpdateSiteInput!) {
        updateSite(input: $input) { ... on UpdateSitePayload { site { id } } }
        updateSite(input: $input) { ... on UpdateSitePayload { site { name } } }
      }`,
      { input: { id: 's' } },
    );
    expect(parts).toHaveLength(1);
    expect(parts[0]?.document).toMatch(/id[\s\S]*name/);
  });

  it('anonymous operations get a name for the logs of servers', () => {
    expect(
      valid('mutation ($input: DeleteSiteInput!) { deleteSite(input: $input) { __typename } }', { input: { id: 's' } })[0]?.operationName,
    ).toBe('DeleteSite');
  });

  it('refuses what is no mutation', () => {
    expect(() => split('query Q { sites { nodes { id } } }')).toThrow(/one mutation/);
    expect(() => split('fragment F on Site { id }')).toThrow(/one mutation/);
  });
});

describe('root fields switched off', () => {
  const document = `mutation M($a: Boolean = false, $b: Boolean!, $input: DeleteSiteInput!) {
    one: deleteSite(input: $input) @include(if: $a) { __typename }
    two: deleteSite(input: $input) @skip(if: $b) { __typename }
    ... @include(if: $b) { three: deleteSite(input: $input) { __typename } }
  }`;
  const input = { id: 's' };
  it.each([
    [{ b: true }, ['three']],
    [{ b: false }, ['two']],
    [{ a: true, b: false }, ['one', 'two']],
    [{ a: undefined, b: true }, ['three']],
    [{ a: true, b: true }, ['one', 'three']],
  ])('by variables and their defaults: %j', (variables, keys) => {
    const parts = valid(document, { ...variables, input });
    expect(parts.map(({ responseKey }) => responseKey)).toEqual(keys);
    for (const part of parts) expect(part.document).not.toMatch(/@include|@skip/);
  });

  it('by literals; `__typename` alone is nothing to send', () => {
    expect(split('mutation M { __typename deleteSite(input: { id: "s", _version: 1 }) @skip(if: true) { __typename } }')).toEqual([]);
  });

  it('a default counts when the variable is given as undefined', () => {
    const on = 'mutation M($a: Boolean = true, $input: DeleteSiteInput!) { deleteSite(input: $input) @include(if: $a) { __typename } }';
    expect(split(on, { a: undefined, input })).toHaveLength(1);
  });
});

describe('the input of a generated mutation is one variable, however it was written', () => {
  it('inline, with variables, lists, enums and null inside', () => {
    const [part] = valid(
      'mutation M($name: String!, $input: String) { createSite(input: { id: "s", name: $name, address: $input, region: EAST }) { __typename } }',
      { name: 'a', input: null },
    );
    expect(part?.inputVariable).toBe('input2');
    expect(part?.variables).toEqual({ input2: { id: 's', name: 'a', address: null, region: 'EAST' } });
    expect(part?.document).toContain('$input2: CreateSiteInput!');
  });

  it('a nested variable without a value leaves its member out: absent is not null', () => {
    const [part] = valid(
      'mutation M($name: String, $address: String = "there") { updateSite(input: { id: "s", _version: 1, name: $name, address: $address }) { __typename } }',
    );
    expect(part?.variables).toEqual({ input: { id: 's', _version: 1, address: 'there' } });
  });

  it('a default of the variable itself is used', () => {
    const [part] = valid('mutation M($i: DeleteSiteInput! = { id: "s", _version: 2 }) { deleteSite(input: $i) { __typename } }');
    expect(part).toMatchObject({ inputVariable: 'i', variables: { i: { id: 's', _version: 2 } } });
  });

  it('shared by two root fields, each part has its own copy of the variables', () => {
    const parts = valid(
      'mutation M($i: DeleteSiteInput!) { a: deleteSite(input: $i) { __typename } b: deleteSite(input: $i) { __typename } }',
      { i: { id: 's', _version: 1 } },
    );
    expect(parts.map(({ variables }) => variables)).toEqual([{ i: { id: 's', _version: 1 } }, { i: { id: 's', _version: 1 } }]);
  });

  it('a field that the manifest does not know is custom, with its document and variables as they are', () => {
    const [part] = split('mutation M($by: Int = 2, $unused: Int) { bump(by: $by) }', { unused: 1 });
    expect(part).toMatchObject({ field: 'bump', mutation: null, inputVariable: null, variables: { by: 2 } });
  });

  it('the same document again has its own variables, and what another manifest says of it', () => {
    const document = parse(
      'mutation M($name: String!, $also: Boolean!) { updateSite(input: { id: "s", _version: 1, name: $name }) { __typename } bump @include(if: $also) }',
    );
    const again = (name: string, also: boolean, known = manifest) =>
      splitOperation(document, { name, also }, known).map(({ field, variables, mutation }) => [field, variables, mutation?.kind ?? null]);
    expect(again('a', true)).toEqual([
      ['updateSite', { input: { id: 's', _version: 1, name: 'a' } }, 'update'],
      ['bump', {}, null],
    ]);
    expect(again('b', false)).toEqual([['updateSite', { input: { id: 's', _version: 1, name: 'b' } }, 'update']]);
    expect(again('c', false, { ...manifest, mutations: {} })).toEqual([['updateSite', { name: 'c' }, null]]);
  });
});
