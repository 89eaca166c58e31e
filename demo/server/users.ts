import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export interface User {
  readonly id: string;
  readonly name: string;
}

/** The demo's two people. Their passwords stand on the sign-in page, so that two browsers can be two persons within a minute. */
const PEOPLE = [
  { id: 'ada', name: 'Ada Lindqvist', password: 'north-star' },
  { id: 'grace', name: 'Grace Okafor', password: 'evening-tide' },
] as const;

export interface Users {
  find(id: string): User | null;
  /** The user whose name and password these are, or `null`. Takes the same time for an unknown name as for a wrong password. */
  verify(id: string, password: string): Promise<User | null>;
}

const derive = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt);
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 1 };
const KEY_BYTES = 32;

export async function createUsers(): Promise<Users> {
  const accounts = new Map<string, { user: User; salt: Buffer; key: Buffer }>();
  for (const { id, name, password } of PEOPLE) {
    const salt = randomBytes(16);
    accounts.set(id, { user: { id, name }, salt, key: await derive(password, salt, KEY_BYTES, COST) });
  }
  const nobody = { user: null, salt: randomBytes(16), key: randomBytes(KEY_BYTES) };

  return {
    find: (id) => accounts.get(id)?.user ?? null,
    async verify(id, password) {
      const account = accounts.get(id) ?? nobody;
      const key = await derive(password, account.salt, KEY_BYTES, COST);
      return timingSafeEqual(key, account.key) ? account.user : null;
    },
  };
}
