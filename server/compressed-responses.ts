import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { checkOptions, expected } from './options.ts';

export interface CompressedResponsesOptions {
  /** Answers of fewer bytes go as they are. Default 1024. */
  readonly minBytes?: number;
}

type Coding = 'br' | 'gzip';

/** Level 4 of 11: about what gzip's default costs, and fewer bytes. */
const QUALITY = 4;
const COMPRESS: Readonly<Record<Coding, (body: Uint8Array) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
  gzip: (body) => promisify(gzip)(body),
};

/**
 * Compresses answers with Brotli or gzip, whichever the client prefers, and says so to caches (`Vary`). Only whole JSON answers:
 * an event stream or a multipart answer would be held back until it ends, and live hints with it.
 * Put it last among the plugins that change responses.
 *
 * @throws OfflineServerError `BAD_OPTION`
 */
export function useCompressedResponses(options: CompressedResponsesOptions = {}): Plugin {
  checkOptions('useCompressedResponses', options, ['minBytes']);
  const { minBytes = 1024 } = options;
  if (!Number.isInteger(minBytes) || minBytes < 0) throw expected('useCompressedResponses', 'minBytes', 'an integer ≥ 0', minBytes);

  return {
    async onResponse({ request, response, setResponse, fetchAPI }) {
      const { headers } = response;
      if (!/^application\/(graphql-response\+)?json\b/i.test(headers.get('content-type') ?? '')) return;
      if (response.body === null || headers.has('content-encoding') || /no-transform/i.test(headers.get('cache-control') ?? '')) return;
      const vary = headers.get('vary') ?? '';
      if (vary !== '*' && !/\baccept-encoding\b/i.test(vary))
        headers.set('vary', vary === '' ? 'Accept-Encoding' : `${vary}, Accept-Encoding`);
      const coding = preferred(request.headers.get('accept-encoding') ?? '');
      if (coding === null) return;
      const body = new Uint8Array(await response.arrayBuffer());
      const compressed = body.byteLength < minBytes ? body : await COMPRESS[coding](body);
      const sent = new fetchAPI.Headers(headers);
      if (compressed !== body) sent.set('content-encoding', coding);
      sent.set('content-length', String(compressed.byteLength));
      setResponse(
        new fetchAPI.Response(new Uint8Array(compressed), { status: response.status, statusText: response.statusText, headers: sent }),
      );
    },
  };
}

/** The coding that the client likes best; Brotli among equals. `null`: neither (RFC 9110, section 12.5.3). */
export function preferred(acceptEncoding: string): Coding | null {
  const weights = new Map(
    acceptEncoding.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      const q = parameters.find((text) => text.startsWith('q='));
      return [name, q === undefined ? 1 : Number(q.slice(2)) || 0] as const;
    }),
  );
  const weight = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0;
  if (weight('br') === 0 && weight('gzip') === 0) return null;
  return weight('br') >= weight('gzip') ? 'br' : 'gzip';
}
