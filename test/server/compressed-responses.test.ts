import { createServer, get, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preferred, useCompressedResponses } from '../../server/compressed-responses.ts';

const LONG = 'farside '.repeat(1000);
const PARTS = `\r\n---\r\nContent-Type: application/json\r\n\r\n{"data":{"long":"${LONG}"},"hasNext":true}\r\n-----\r\n`;
/** As a plugin for `@defer` answers. */
const inParts: Plugin = {
  onRequest({ request, endResponse, fetchAPI }) {
    if (request.headers.has('x-parts'))
      endResponse(new fetchAPI.Response(PARTS, { headers: { 'content-type': 'multipart/mixed; boundary="-"' } }));
  },
};
let next: () => void = () => undefined;
const yoga = createYoga({
  logging: false,
  plugins: [inParts, useCompressedResponses()],
  schema: createSchema({
    typeDefs: 'type Query { long: String! short: String! } type Subscription { ticks: String! }',
    resolvers: {
      Query: { long: () => LONG, short: () => 'x' },
      Subscription: {
        ticks: {
          async *subscribe() {
            yield { ticks: LONG };
            await new Promise<void>((resolve) => {
              next = resolve;
            });
            yield { ticks: 'last' };
          },
        },
      },
    },
  }),
});
const server = createServer(yoga);
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}/graphql`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** Over a socket, and not inflated by anybody. */
const ask = (query: string, headers: Readonly<Record<string, string>>): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> =>
  new Promise((resolve, reject) => {
    get(`${url}?query=${encodeURIComponent(query)}`, { headers: { accept: 'application/json', ...headers } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({ headers: response.headers, body: Buffer.concat(chunks) });
    }).on('error', reject);
  });
const ANSWER = JSON.stringify({ data: { long: LONG } });

describe('answers over HTTP', () => {
  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0.5, gzip', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
  ])('to a client that accepts %s come in %s', async (accepts, coding, inflate) => {
    const { headers, body } = await ask('{ long }', { 'accept-encoding': accepts });
    expect(headers).toMatchObject({ 'content-encoding': coding, vary: expect.stringMatching(/accept-encoding/i) });
    expect(headers['content-length']).toBe(String(body.byteLength));
    expect(body.byteLength).toBeLessThan(ANSWER.length / 10);
    expect(inflate(body).toString()).toBe(ANSWER);
  });

  it.each(['', 'identity', 'br;q=0, gzip;q=0', 'zstd'])(
    'to a client that accepts %j come as they are, and say that others may differ',
    async (accepts) => {
      const { headers, body } = await ask('{ long }', { 'accept-encoding': accepts });
      expect(headers['content-encoding']).toBeUndefined();
      expect(headers.vary).toMatch(/accept-encoding/i);
      expect(body.toString()).toBe(ANSWER);
    },
  );

  it('that are short come as they are', async () => {
    const { headers, body } = await ask('{ short }', { 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe('{"data":{"short":"x"}}');
  });

  it('an event stream is never held back', async () => {
    const first = await new Promise<{ text: string; coding: string | undefined }>((resolve, reject) => {
      const headers = { accept: 'text/event-stream', 'accept-encoding': 'br, gzip' };
      const request = get(`${url}?query=${encodeURIComponent('subscription { ticks }')}`, { headers }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (!text.includes('farside')) return;
          resolve({ text, coding: response.headers['content-encoding'] });
          request.destroy();
        });
      });
      request.on('error', reject);
    });
    next();
    // Yoga's way of telling proxies to leave it alone.
    expect(first.coding).toBe('none');
  });

  it('nor is an answer in several parts', async () => {
    const { headers, body } = await ask('{ parts }', { 'accept-encoding': 'br, gzip', 'x-parts': '1' });
    expect([headers['content-type'], headers['content-encoding'], headers.vary]).toEqual([
      'multipart/mixed; boundary="-"',
      undefined,
      undefined,
    ]);
    expect(body.toString()).toBe(PARTS);
  });
});

it.each([
  ['gzip;q=1.0, *;q=0', 'gzip'],
  ['BR', 'br'],
  ['*;q=0', null],
  ['gzip;q=nonsense', null],
])('Accept-Encoding: %s asks for %s', (header, coding) => {
  expect(preferred(header)).toBe(coding);
});
