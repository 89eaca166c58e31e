import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { checkOptions, expected } from './options.ts';

export interface CompressedRequestsOptions {
  /** Most bytes of an inflated body. More: 413, as soon as they have come out. Default 5 000 000. */
  readonly maxBytes?: number;
}

/**
 * Reads gzipped requests, and says so to clients by `Accept-Encoding` (RFC 7694). A body of a few kilobytes can hold gigabytes of
 * zeros, so inflating stops at the limit and never holds more than that.
 *
 * Answers are none of its business: what compresses those must leave event streams alone, or live hints arrive when the stream ends.
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
export function useCompressedRequests(options: CompressedRequestsOptions = {}): Plugin {
  checkOptions('useCompressedRequests', options, ['maxBytes']);
  const { maxBytes = 5_000_000 } = options;
  if (!Number.isInteger(maxBytes) || maxBytes < 1) throw expected('useCompressedRequests', 'maxBytes', 'an integer ≥ 1', maxBytes);

  return {
    async onRequest({ request, setRequest, endResponse, fetchAPI }) {
      const coding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
      if (coding === 'identity' || request.body === null) return;
      const refuse = (status: number, message: string): void =>
        endResponse(fetchAPI.Response.json({ errors: [{ message }] }, { status, headers: ACCEPTS }));
      if (coding !== 'gzip') return refuse(415, `expected a body in gzip or as it is, got ${coding.slice(0, 20)}`);
      const body = await inflate(request.body as unknown as AsyncIterable<Uint8Array>, maxBytes);
      if (body === 'damaged') return refuse(400, 'expected a gzipped body, got something else');
      if (body === 'tooLarge') return refuse(413, `expected a body of at most ${maxBytes} bytes, got more; send less at once`);
      const headers = new fetchAPI.Headers(request.headers);
      headers.delete('content-encoding');
      headers.set('content-length', String(body.byteLength));
      setRequest(new fetchAPI.Request(request.url, { method: request.method, headers, body, signal: request.signal }));
    },
    onResponse({ response }) {
      response.headers.set('accept-encoding', ACCEPTS['accept-encoding']);
    },
  };
}

const ACCEPTS = { 'accept-encoding': 'gzip' } as const;

async function inflate(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | 'tooLarge' | 'damaged'> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    await pipeline(Readable.from(body, { objectMode: false }), createGunzip(), async (inflated: AsyncIterable<Uint8Array>) => {
      for await (const chunk of inflated) {
        length += chunk.byteLength;
        if (length > maxBytes) return;
        chunks.push(chunk);
      }
    });
  } catch {
    return length > maxBytes ? 'tooLarge' : 'damaged';
  }
  if (length > maxBytes) return 'tooLarge';
  return new Uint8Array(Buffer.concat(chunks));
}
