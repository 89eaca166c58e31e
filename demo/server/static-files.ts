import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Serves the built app from memory: only paths that were there at the start exist, so no request can name another file.
 * Any other path without an extension is a page of the app.
 */
export function createStaticFiles(folder: string): (pathname: string, request: IncomingMessage, response: ServerResponse) => void {
  const files = new Map<string, { body: Buffer; headers: Record<string, string> }>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const pathname = `/${relative(folder, path).split(sep).join('/')}`;
    const body = readFileSync(path);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    files.set(pathname, {
      body,
      headers: { 'content-type': type, 'content-length': String(body.length), 'cache-control': cachingOf(pathname) },
    });
  }

  return (pathname, request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain' }).end('Method not allowed\n');
      return;
    }
    const file = files.get(pathname === '/' || extname(pathname) === '' ? '/index.html' : pathname);
    if (file === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('Not found\n');
      return;
    }
    response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
  };
}

/** Files under /assets/ carry a hash in their name; all else must be asked for again, above all the service worker. */
const cachingOf = (pathname: string): string => (pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
