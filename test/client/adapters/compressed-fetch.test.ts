import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressedFetch } from '../../../client/adapters/compressed-fetch.ts';

const URL_OF_SERVER = 'http://server.test/graphql';
const LONG = JSON.stringify({ query: 'mutation M { a }', variables: { text: 'farside '.repeat(1_000) } });

/** What arrives at a server that answers with these, one after another. */
function setUp(...answers: readonly { readonly status?: number; readonly accepts?: string }[]) {
  const arrived: { readonly coding: string | null; readonly body: unknown; readonly bytes: number }[] = [];
  const left = [...answers];
  const fetch = compressedFetch({
    fetch: async (_input, init) => {
      const coding = new Headers(init?.headers).get('content-encoding');
      const body = init?.body;
      const text = body instanceof Uint8Array ? gunzipSync(body).toString() : body;
      arrived.push({ coding, body: text, bytes: body instanceof Uint8Array ? body.byteLength : String(body).length });
      const { status = 200, accepts } = left.shift() ?? {};
      return new Response('{}', { status, headers: accepts === undefined ? {} : { 'accept-encoding': accepts } });
    },
  });
  return { arrived, post: (body: BodyInit, url = URL_OF_SERVER) => fetch(url, { method: 'POST', headers: { 'x-mine': '1' }, body }) };
}

describe('a request body', () => {
  it('is compressed once the server has said that it reads gzip, and not before', async () => {
    const { arrived, post } = setUp({ accepts: 'br, gzip' });
    await post(LONG);
    await post(LONG, `${URL_OF_SERVER}?op=M`);
    expect(arrived.map(({ coding, body }) => [coding, body])).toEqual([
      [null, LONG],
      ['gzip', LONG],
    ]);
    expect(arrived[1]?.bytes).toBeLessThan(LONG.length / 10);
  });

  it.each([[undefined], ['identity'], ['br'], ['gzip;q=0'], ['x-gzip']])('stays as it is where the server says %s', async (accepts) => {
    const { arrived, post } = setUp(accepts === undefined ? {} : { accepts });
    await post(LONG);
    await post(LONG);
    expect(arrived.map(({ coding }) => coding)).toEqual([null, null]);
  });

  it('that is short, or a form, stays as it is; so does what goes elsewhere', async () => {
    const { arrived, post } = setUp({ accepts: 'gzip' });
    await post(LONG);
    await post('{"query":"{a}"}');
    await post(new FormData());
    await post(LONG, 'http://other.test/graphql');
    expect(arrived.map(({ coding }) => coding)).toEqual([null, null, null, null]);
  });

  it('that a proxy refuses with 415 is sent once more as it was, and the next ones too', async () => {
    const { arrived, post } = setUp({ accepts: 'gzip' }, { status: 415 }, {}, {});
    await post(LONG);
    expect((await post(LONG)).status).toBe(200);
    await post(LONG);
    expect(arrived.map(({ coding }) => coding)).toEqual([null, 'gzip', null, null]);
  });
});
