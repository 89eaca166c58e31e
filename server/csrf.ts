import type { Plugin } from 'graphql-yoga';
import { checkOptions, expected } from './options.ts';

export interface CsrfPreventionOptions {
  /** Any of these headers proves that the sender is no form. Default `apollo-require-preflight` and `x-graphql-yoga-csrf`. */
  readonly headers?: readonly string[];
}

/** What a form or an image of another site can send without being asked (Fetch standard, "CORS-safelisted request-header"). */
const SIMPLE_TYPES: ReadonlySet<string> = new Set(['', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']);

/**
 * For servers that know their callers by a cookie: refuses what a page of another site could make a browser send with that cookie
 * unasked. A JSON body or one of the headers needs a preflight, which the server's CORS settings decide on; everything else gets 403,
 * GET requests and uploads without the header included. Pages for people (`Accept: text/html`) pass, for they change nothing.
 * @throws OfflineServerError `BAD_OPTION`
 */
export function useCsrfPrevention(options: CsrfPreventionOptions = {}): Plugin {
  checkOptions('useCsrfPrevention', options, ['headers']);
  const { headers = ['apollo-require-preflight', 'x-graphql-yoga-csrf'] } = options;
  if (!Array.isArray(headers) || headers.length === 0 || headers.some((name) => typeof name !== 'string' || name === ''))
    throw expected('useCsrfPrevention', 'headers', 'names of headers', headers);
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      if (request.method === 'OPTIONS' || headers.some((name) => request.headers.has(name))) return;
      const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      if (!SIMPLE_TYPES.has(type)) return;
      const { searchParams } = new URL(request.url, 'http://localhost');
      const isPage = request.method === 'GET' && !searchParams.has('query') && /\btext\/html\b/.test(request.headers.get('accept') ?? '');
      if (isPage) return;
      const message = `Send the content type application/json, or a header ${headers[0]}.`;
      endResponse(fetchAPI.Response.json({ errors: [{ message, extensions: { code: 'CSRF_PREVENTED' } }] }, { status: 403 }));
    },
  };
}
