import { gzipSync } from 'node:zlib';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { compressedFetch } from '../../client/adapters/compressed-fetch.ts';
import { useCompressedRequests } from '../../server/index.ts';

const schema = createSchema({
  typeDefs: 'type Query { echo(text: String!): Int! }',
  resolvers: { Query: { echo: (_root: unknown, { text }: { text: string }) => text.length } },
});
const yoga = createYoga({ schema, plugins: [useCompressedRequests({ maxBytes: 100_000 })], logging: false });
const bodyOf = (text: string): string => JSON.stringify({ query: 'query Q($text: String!) { echo(text: $text) }', variables: { text } });
const post = async (body: BodyInit, coding?: string) => {
  const headers = { 'content-type': 'application/json', ...(coding === undefined ? {} : { 'content-encoding': coding }) };
  return await yoga.fetch('http://server/graphql', { method: 'POST', headers, body });
};

describe('a gzipped request', () => {
  it('is read, and answers say so', async () => {
    const response = await post(gzipSync(bodyOf('x'.repeat(50_000))), 'gzip');
    expect([response.headers.get('accept-encoding'), await response.json()]).toEqual(['gzip', { data: { echo: 50_000 } }]);
    const plain = await post(bodyOf('abc'));
    expect([plain.headers.get('accept-encoding'), await plain.json()]).toEqual(['gzip', { data: { echo: 3 } }]);
  });

  it('that would fill the memory is refused before it has', async () => {
    // Two hundred megabytes of zeros in two hundred kilobytes.
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().arrayBuffers;
    const response = await post(bomb, 'gzip');
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      errors: [{ message: 'expected a body of at most 100000 bytes, got more; send less at once' }],
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it('that is damaged, cut short or packed otherwise is refused with a word', async () => {
    const packed = gzipSync(bodyOf('x'.repeat(5_000)));
    expect((await post('no gzip at all', 'gzip')).status).toBe(400);
    expect((await post(packed.subarray(0, packed.length - 20), 'gzip')).status).toBe(400);
    const other = await post(packed, 'br');
    expect([other.status, other.headers.get('accept-encoding')]).toEqual([415, 'gzip']);
  });

  it('comes from compressedFetch by itself, from the second on', async () => {
    const codings: (string | null)[] = [];
    const fetch = compressedFetch({
      fetch: async (input, init) => {
        codings.push(new Headers(init?.headers).get('content-encoding'));
        return yoga.fetch(new Request(input, init));
      },
    });
    for (const length of [2_000, 3_000]) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: bodyOf('y'.repeat(length)) };
      expect(await (await fetch('http://server/graphql', init)).json()).toEqual({ data: { echo: length } });
    }
    expect(codings).toEqual([null, 'gzip']);
  });
});

it('options are checked', () => {
  expect(() => useCompressedRequests({ maxBytes: 0 })).toThrow('useCompressedRequests: option maxBytes: expected an integer ≥ 1, got 0');
});
