import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { variableProblem } from '../../../client/outbox/variables.ts';
import { manifest } from './records.ts';

const problem = (declared: string, variables: Record<string, unknown>, from = manifest) =>
  variableProblem(parse(`mutation M(${declared}) { a }`), variables, from);

describe('variables against the types that a document declares', () => {
  it.each([
    ['$n: Int!', { n: 1 }],
    ['$n: Int', {}],
    ['$n: Int! = 3', {}],
    ['$n: Float', { n: 1.5 }],
    ['$id: ID!', { id: 7 }],
    ['$s: [String!]', { s: ['a', 'b'] }],
    ['$s: [String!]!', { s: 'one' }],
    ['$when: DateTime!', { when: 'whatever the server makes of it' }],
    [
      '$input: UpdateInspectionInput!',
      { input: { id: 'i', _version: 1, title: '', notes: null, passed: false, visits: 0, tags: [], siteId: 's' } },
    ],
  ])('%s takes %j', (declared, variables) => expect(problem(declared, variables)).toBeNull());

  it.each([
    ['$n: Int!', {}, '$n: expected Int!, got nothing'],
    ['$n: Int!', { n: null }, '$n: expected Int!, got null'],
    ['$n: Int', { n: '1' }, '$n: expected Int, got "1"'],
    ['$n: Int', { n: 2 ** 31 }, '$n: expected Int, got 2147483648'],
    ['$b: Boolean', { b: 0 }, '$b: expected Boolean, got 0'],
    ['$s: [String!]', { s: ['a', null] }, '$s: expected String!, got null'],
    ['$input: UpdateInspectionInput!', { input: 'x' }, '$input: expected UpdateInspectionInput, got "x"'],
    ['$input: UpdateInspectionInput!', { input: { titel: 'x' } }, '$input.titel: Inspection has no field titel that a mutation could set'],
    ['$input: UpdateInspectionInput!', { input: { title: null } }, '$input.title: expected String!, got null'],
    ['$input: UpdateInspectionInput!', { input: { title: 7 } }, '$input.title: expected String!, got 7'],
    ['$input: UpdateInspectionInput!', { input: { tags: 'a' } }, '$input.tags: expected [String!]!, got "a"'],
    ['$input: UpdateInspectionInput!', { input: { visits: 1.5 } }, '$input.visits: expected Int!, got 1.5'],
    ['$input: UpdateInspectionInput!', { input: { siteId: { id: 's' } } }, '$input.siteId: expected ID!, got {"id":"s"}'],
  ])('%s refuses %j', (declared, variables, message) => expect(problem(declared, variables)).toBe(message));
});
