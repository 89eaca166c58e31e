import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createOfflineSchema, type Store, useCompressedResponses, useOffline } from 'farside/server';
import { createYoga } from 'graphql-yoga';
import type { Auth } from './auth.ts';
import { GRAPHIQL_POLICY, isJson, sendRefusal } from './http.ts';
import { limitPlugins, MAX_BODY_BYTES } from './limits.ts';

interface Connection {
  readonly req: IncomingMessage;
}

/** Answers `/graphql`: the app's data, GraphiQL for a browser that comes by, and live hints as an event stream. */
export function createGraphql({ store, auth }: { store: Store; auth: Auth }) {
  const typeDefs = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
  const yoga = createYoga<Connection>({
    schema: createOfflineSchema({ typeDefs, store }),
    plugins: [useOffline({ store, identify: ({ req }: Connection) => identify(auth, req) }), ...limitPlugins(), useCompressedResponses()],
    graphiql: { title: 'Farside demo', defaultQuery: DEFAULT_QUERY },
    // Served from here, so that it works without the internet too.
    renderGraphiQL,
    landingPage: false,
    cors: false,
    logging: 'error',
    maxRequestBodySize: MAX_BODY_BYTES,
  });

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A form of another site can send neither of these, and the session cookie stays away from its requests besides.
    if (request.method === 'POST' && !isJson(request) && request.headers['apollo-require-preflight'] === undefined) {
      return sendRefusal(response, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the content type application/json.');
    }
    const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (isPage) response.setHeader('content-security-policy', GRAPHIQL_POLICY);
    else if ((await auth.userOf(request)) === null)
      return sendRefusal(response, 401, 'UNAUTHENTICATED', 'Sign in first: POST /auth/sign-in, or open the app.');
    response.setHeader('cache-control', 'no-store');
    // Refused before anybody reads it: what Yoga gives up halfway stays on the connection, and the next request waits behind it.
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES)
      return sendRefusal(response, 413, 'REQUEST_ENTITY_TOO_LARGE', `Send at most ${MAX_BODY_BYTES} bytes.`);
    if (request.headers['transfer-encoding'] !== undefined) response.setHeader('connection', 'close');
    await yoga(request, response);
  };
}

/** A page says for whom it speaks: after a change of user in another tab the cookie may be somebody else's by now. */
async function identify(auth: Auth, request: IncomingMessage) {
  const user = await auth.userOf(request);
  const claimed = request.headers['x-farside-user'];
  return user === null || (claimed !== undefined && claimed !== user.id) ? null : { id: user.id };
}

const DEFAULT_QUERY = `# Sign in to the app first: this page uses the same session.
{
  inspections(orderBy: [{ field: dueOn }], first: 5) {
    totalCount
    nodes {
      title
      status
      site {
        name
      }
    }
  }
}
`;
