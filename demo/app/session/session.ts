/** Who uses this browser. The name is remembered here, so that the app opens offline; the session itself is a cookie that no script can read. */
export interface User {
  readonly id: string;
  readonly name: string;
}

export type SignInAnswer = { readonly ok: true; readonly user: User } | { readonly ok: false; readonly message: string };

export const REMEMBERED = 'farside-demo.user';
/** Set by a sign-out without a network: the cookie outlives it and is ended as soon as the server answers. */
const OWED = 'farside-demo.sign-out-owed';

export function rememberedUser(): User | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null');
    return isUser(value) ? { id: value.id, name: value.name } : null;
  } catch {
    return null;
  }
}

/** The user of the session cookie; `null` when nobody is signed in or the server cannot be asked. */
export async function currentUser(): Promise<User | null> {
  if (localStorage.getItem(OWED) !== null) {
    await endSession();
    return null;
  }
  const answer = await ask('GET', '/auth/session');
  return answer.ok ? remember(answer.user) : null;
}

export async function signIn(user: string, password: string): Promise<SignInAnswer> {
  const answer = await ask('POST', '/auth/sign-in', { user, password });
  if (answer.ok) {
    localStorage.removeItem(OWED);
    remember(answer.user);
  }
  return answer;
}

/** Forgets the user here, and ends the session at the server now or, without a network, at the next chance. */
export async function endSession(): Promise<void> {
  localStorage.removeItem(REMEMBERED);
  localStorage.setItem(OWED, 'yes');
  try {
    const response = await fetch('/auth/sign-out', { method: 'POST' });
    if (response.ok) localStorage.removeItem(OWED);
  } catch {
    // Owed: see above.
  }
}

/** The time makes every sign-in a change that the other tabs are told of. */
function remember({ id, name }: User): User {
  const user = { id, name };
  localStorage.setItem(REMEMBERED, JSON.stringify({ ...user, seenAt: Date.now() }));
  return user;
}

async function ask(method: string, path: string, body?: unknown): Promise<SignInAnswer> {
  try {
    const response = await fetch(path, {
      method,
      cache: 'no-store',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { user?: unknown; error?: { message?: unknown } };
    if (response.ok && isUser(answer.user)) return { ok: true, user: answer.user };
    return { ok: false, message: typeof answer.error?.message === 'string' ? answer.error.message : 'The server gave no useful answer.' };
  } catch {
    return { ok: false, message: 'The server cannot be reached. Signing in needs a connection; what you changed here is kept.' };
  }
}

function isUser(value: unknown): value is User {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}
