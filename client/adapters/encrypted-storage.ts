import { OfflineError } from '../errors.ts';
import type { EncryptionKey, Locks, Storage } from '../ports.ts';
import { putManyOver } from '../put-many.ts';
import { webLocks } from './browser.ts';
import { deserialize, fromBase64, serialize, toBase64 } from './serialize.ts';

export interface EncryptedStorageOptions {
  /** Bound to every entry beside its key, so that none can be moved to a storage of another name. Default `''`. */
  readonly name?: string;
  /** So that two tabs do not switch encryption on at the same time. Default Web Locks, or within the process where there are none. */
  readonly locks?: Locks;
}

/** One stored value: AES-GCM over its text, with the names of storage and key as additional data. */
interface Envelope {
  readonly encrypted: 1;
  readonly iv: string;
  readonly data: string;
}

/** What tells a wrong key from a damaged entry. Not listed. */
const CHECK_KEY = 'farside-encryption';
/** What NIST SP 800-38D recommends for random ones; good for 2^32 writes under one key. */
const IV_BYTES = 12;

/**
 * A storage whose values nobody can read or exchange without the key (WebCrypto AES-GCM, a random IV for each write, the entry's own
 * key as additional data). Names of keys stay in the clear: the library's hold the owner's id, record ids and counters, no data.
 *
 * With another key than the one that the storage was written with, every call rejects with `WRONG_KEY` and nothing is changed. A
 * single damaged entry is an `UNKNOWN_FORMAT` of its own. What stood there in the clear is encrypted when the storage is first opened.
 * @throws OfflineError `INVALID_OPTION` for what is no key, `INVALID_OPERATION` on an insecure page, which has no WebCrypto.
 */
export function encryptedStorage(storage: Storage, key: EncryptionKey, options: EncryptedStorageOptions = {}): Storage {
  const { name = '', locks = webLocks() } = options;
  const cipher = createCipher(key, name);
  let opening: Promise<void> | null = null;

  const open = (): Promise<void> => {
    opening ??= locks.hold(`farside:encryption:${name}`, check, new AbortController().signal).catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };

  /** Before anything is read or written: whether this is the right key. */
  async function check(): Promise<void> {
    const stored = await storage.get(CHECK_KEY);
    if (stored !== null && (await cipher.opens(CHECK_KEY, stored))) return;
    const entries = (await storage.entries('')).filter(([entry]) => entry !== CHECK_KEY);
    const encrypted = entries.filter(([, value]) => isEnvelope(value));
    // The check may be lost, or be of a key of which nothing is left.
    const [first] = encrypted;
    if (first && !(await opensAny(encrypted)))
      throw new OfflineError(
        'WRONG_KEY',
        `expected the encryption key that ${entries.length} stored entries were written with ("${first[0]}" …), got another one; nothing was changed`,
      );
    try {
      for (const [entry, value] of entries) if (!isEnvelope(value)) await storage.put(entry, await cipher.close(entry, value));
      await storage.put(CHECK_KEY, await cipher.close(CHECK_KEY, 1));
    } catch {
      // A full disk can still be read; the next opening tries again.
    }
  }

  async function opensAny(entries: readonly (readonly [string, unknown])[]): Promise<boolean> {
    for (const [entry, value] of entries) if (await cipher.opens(entry, value)) return true;
    return false;
  }

  /** An older tab may still write in the clear: that is read, and encrypted when it is next written. */
  const read = (entry: string, value: unknown): Promise<unknown> =>
    isEnvelope(value) ? cipher.open(entry, value) : Promise.resolve(value);

  return {
    async get(entry) {
      await open();
      return read(entry, await storage.get(entry));
    },
    async put(entry, value) {
      const envelope = cipher.close(entry, value);
      await Promise.all([open(), envelope]);
      await storage.put(entry, await envelope);
    },
    async remove(entry) {
      await open();
      await storage.remove(entry);
    },
    async entries(prefix) {
      await open();
      const entries = (await storage.entries(prefix)).filter(([entry]) => entry !== CHECK_KEY);
      return Promise.all(
        entries.map(async ([entry, value]) => [entry, await read(entry, value).catch((error: unknown) => error)] as const),
      );
    },
    ...putManyOver(storage, async (pairs, putMany) => {
      const closed = Promise.all(pairs.map(async ([entry, value]) => [entry, await cipher.close(entry, value)] as const));
      await Promise.all([open(), closed]);
      await putMany(await closed);
    }),
  };
}

/**
 * A key from what a person remembers: PBKDF2 with SHA-256, 600 000 rounds (OWASP, Password Storage Cheat Sheet). The `salt` is not
 * secret, differs by user, and must be the same every time: the user's id will do.
 */
export async function deriveEncryptionKey(passphrase: string, salt: string): Promise<CryptoKey> {
  const subtle = webCrypto();
  const bytes = new TextEncoder();
  const material = await subtle.importKey('raw', bytes.encode(passphrase), 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: bytes.encode(salt), iterations: 600_000 };
  return subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function createCipher(given: EncryptionKey, name: string) {
  const subtle = webCrypto();
  const key = isCryptoKey(given)
    ? Promise.resolve(given)
    : subtle.importKey('raw', checkedBytes(given), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const parameters = (entry: string, iv: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(JSON.stringify([name, entry])),
  });

  async function close(entry: string, value: unknown): Promise<Envelope> {
    const text = await serialize(value);
    if (text === undefined) throw new OfflineError('INVALID_OPERATION', `expected a JSON value for "${entry}", got ${typeof value}`);
    const iv = globalThis.crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const data = await subtle.encrypt(parameters(entry, iv), await key, new TextEncoder().encode(text));
    return { encrypted: 1, iv: toBase64(iv), data: toBase64(new Uint8Array(data)) };
  }

  async function open(entry: string, { iv, data }: Envelope): Promise<unknown> {
    try {
      const bytes = await subtle.decrypt(parameters(entry, fromBase64(iv)), await key, fromBase64(data));
      return deserialize(new TextDecoder().decode(bytes));
    } catch (cause) {
      const message = `"${entry}" cannot be decrypted: expected what was written under this name with this key, got something else; it is left as it is`;
      throw new OfflineError('UNKNOWN_FORMAT', message, { cause });
    }
  }

  return {
    close,
    open,
    opens: async (entry: string, value: unknown): Promise<boolean> =>
      isEnvelope(value) &&
      open(entry, value).then(
        () => true,
        () => false,
      ),
  };
}

/** @throws OfflineError `INVALID_OPTION`. Never shows the key. */
function checkedBytes(key: unknown): Uint8Array<ArrayBuffer> {
  if (key instanceof Uint8Array && (key.length === 16 || key.length === 32)) return key as Uint8Array<ArrayBuffer>;
  const got = key instanceof Uint8Array ? `${key.length} bytes` : key === null ? 'null' : typeof key;
  throw new OfflineError(
    'INVALID_OPTION',
    `encryption: expected a key of 16 or 32 bytes (Uint8Array) or a CryptoKey, got ${got}; make one by deriveEncryptionKey`,
  );
}

function isCryptoKey(key: EncryptionKey): key is CryptoKey {
  if (typeof CryptoKey === 'undefined' || !(key instanceof CryptoKey)) return false;
  if (key.algorithm.name === 'AES-GCM' && key.usages.includes('encrypt') && key.usages.includes('decrypt')) return true;
  throw new OfflineError(
    'INVALID_OPTION',
    `encryption: expected an AES-GCM key that may encrypt and decrypt, got one of ${key.algorithm.name} for ${key.usages.join(', ') || 'nothing'}`,
  );
}

function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) return subtle;
  throw new OfflineError(
    'INVALID_OPERATION',
    'encryption: expected WebCrypto on this platform, got none; browsers have it on https and localhost only',
  );
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { encrypted, iv, data } = value as Partial<Envelope>;
  return encrypted === 1 && typeof iv === 'string' && typeof data === 'string';
}
