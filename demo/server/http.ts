import type { IncomingMessage, ServerResponse } from 'node:http';

/** Headers of every answer. The app is served to itself alone: nothing may frame it, and it loads nothing from elsewhere. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': policy({ 'default-src': "'self'", 'img-src': "'self' data:" }),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** GraphiQL is one page of inline script with a WebAssembly-free editor that starts workers from blobs. */
export const GRAPHIQL_POLICY = policy({
  'default-src': "'self'",
  'script-src': "'self' 'unsafe-inline' 'unsafe-eval' blob:",
  'style-src': "'self' 'unsafe-inline'",
  'worker-src': 'blob:',
  'font-src': "'self' data:",
  'img-src': "'self' data:",
  'connect-src': "'self'",
});

function policy(directives: Readonly<Record<string, string>>): string {
  const all = { ...directives, 'object-src': "'none'", 'base-uri': "'none'", 'form-action': "'self'", 'frame-ancestors': "'none'" };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
}

/** A refusal in the form of a GraphQL answer, so that every client of /graphql reads one shape. */
export function sendRefusal(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

export const isJson = (request: IncomingMessage): boolean =>
  /^application\/(graphql\+)?json\b/i.test(request.headers['content-type'] ?? '');

/** Reads a small JSON object from an untrusted sender; `null` when it is none or longer than `maxBytes`. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
