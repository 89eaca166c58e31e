import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { offlineManifest } from 'farside/schema';
import { createOfflineSchema, postgresStore, sqliteStore, useOffline } from 'farside/server';
import { createYoga } from 'graphql-yoga';

/** A server process of its own, to be killed: `server.ts PORT DATABASE PAGES`, with a file or postgres://…. Says `ready` when it listens. */
const [port, database, pages] = process.argv.slice(2) as [string, string, string];

const store = database.startsWith('postgres:') ? postgresStore({ connectionString: database }) : sqliteStore({ file: database });
const schema = createOfflineSchema({
  store,
  typeDefs: /* GraphQL */ `
    type Tally @versioned {
      id: ID!
      votes: Int! @merge(strategy: COUNTER)
      tokens: [String!]! @merge(strategy: SET_UNION)
    }
  `,
});
const identify = ({ request }: { request: Request }) => {
  const id = request.headers.get('x-user');
  return id === null ? null : { id };
};
const yoga = createYoga({ schema, plugins: [useOffline({ store, identify })], logging: false });
const manifest = JSON.stringify(offlineManifest(schema));
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json' };

await store.ready();
createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/graphql') return void yoga(request, response);
  const name = pathname === '/' ? '/index.html' : pathname;
  try {
    const body = name === '/manifest.json' ? manifest : await readFile(join(pages, name));
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(Number(port), () => process.send?.('ready'));
