import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJson, readJson, sendJson } from './http.ts';
import type { Sessions } from './sessions.ts';
import type { User, Users } from './users.ts';

const MAX_BODY_BYTES = 4096;
/** Wrong passwords that one name may collect before it has to wait: guessing must not be cheap. */
const MAX_FAILURES = 10;
const FAILURE_WINDOW_MS = 60_000;

export interface Auth {
  /** Answers `/auth/…`. */
  handle(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Who sends this request, or `null` for a stranger. */
  userOf(request: IncomingMessage): Promise<User | null>;
}

export function createAuth({ users, sessions, now }: { users: Users; sessions: Sessions; now: () => number }): Auth {
  const failures = new Map<string, { count: number; since: number }>();

  const tooMany = (name: string): boolean => {
    const entry = failures.get(name);
    if (entry !== undefined && now() - entry.since > FAILURE_WINDOW_MS) failures.delete(name);
    return (failures.get(name)?.count ?? 0) >= MAX_FAILURES;
  };
  const countFailure = (name: string): void => {
    // Bounded: a stream of invented names must not fill the memory.
    if (failures.size > 1000) failures.clear();
    const entry = failures.get(name) ?? { count: 0, since: now() };
    failures.set(name, { ...entry, count: entry.count + 1 });
  };

  const userOf = async (request: IncomingMessage): Promise<User | null> => {
    const id = await sessions.userOf(request.headers.cookie, now());
    return id === null ? null : users.find(id);
  };

  const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isJson(request)) return refuse(response, 415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the content type application/json.');
    const body = await readJson(request, MAX_BODY_BYTES);
    const { user: name, password } = body ?? {};
    if (typeof name !== 'string' || typeof password !== 'string') {
      return refuse(response, 400, 'BAD_USER_INPUT', 'Expected {"user": "…", "password": "…"}.');
    }
    if (tooMany(name))
      return refuse(response, 429, 'TOO_MANY_ATTEMPTS', 'Too many wrong passwords for this name. Wait a minute and try again.');
    const user = await users.verify(name, password);
    if (user === null) {
      countFailure(name);
      return refuse(response, 401, 'WRONG_PASSWORD', 'That name and password do not go together.');
    }
    failures.delete(name);
    sendJson(response, 200, { user }, { 'set-cookie': await sessions.open(user.id, now()) });
  };

  const routes: Readonly<
    Record<string, { method: string; run: (request: IncomingMessage, response: ServerResponse) => void | Promise<void> }>
  > = {
    '/auth/sign-in': { method: 'POST', run: signIn },
    '/auth/sign-out': {
      method: 'POST',
      run: async (request, response) =>
        sendJson(response, 200, { user: null }, { 'set-cookie': await sessions.end(request.headers.cookie) }),
    },
    '/auth/session': {
      method: 'GET',
      run: async (request, response) => sendJson(response, 200, { user: await userOf(request) }),
    },
  };

  return {
    userOf,
    async handle(pathname, request, response) {
      const route = routes[pathname];
      if (route === undefined) return refuse(response, 404, 'NOT_FOUND', `There is no ${pathname}.`);
      if (request.method !== route.method)
        return refuse(response, 405, 'METHOD_NOT_ALLOWED', `${pathname} expects ${route.method}.`, { allow: route.method });
      await route.run(request, response);
    },
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(response, status, { error: { code, message } }, headers);
}
