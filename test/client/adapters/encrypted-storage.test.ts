import { expect, test } from 'vitest';
import { deriveEncryptionKey, encryptedStorage } from '../../../client/adapters/encrypted-storage.ts';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import type { EncryptionKey } from '../../../client/ports.ts';
import { createFaultyStorage } from '../../harness/index.ts';

const bytes = (seed: number, length = 32): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, at) => (at * 7 + seed) % 256);
const KEY = bytes(1);
const OTHER = bytes(2);

function disk() {
  const cells = new Map<string, unknown>();
  const open = (key: EncryptionKey = KEY, name = '') => encryptedStorage(memoryStorage(cells), key, { name });
  return { cells, open, dump: () => JSON.stringify([...cells.values()]) };
}

test('nothing of a value can be read on the disk, and the same value never looks the same', async () => {
  const { open, dump, cells } = disk();
  const storage = open();
  await storage.put('a', { title: 'a secret', file: new Blob(['another secret']) });
  const first = cells.get('a');
  await storage.put('a', { title: 'a secret', file: new Blob(['another secret']) });
  await storage.put('b', 'a secret');
  expect(dump()).not.toMatch(/secret|title|file/);
  expect(dump()).not.toContain(btoa('another secret').slice(0, 8));
  expect(cells.get('a')).not.toEqual(first);
});

test('another key: every call says WRONG_KEY and nothing is changed; the right one still reads it all', async () => {
  const { open, cells } = disk();
  await open().put('record/1', 'one');
  const before = structuredClone(cells);
  const wrong = open(OTHER);
  for (const call of [
    () => wrong.get('record/1'),
    () => wrong.get('nothing'),
    () => wrong.put('record/1', 'two'),
    () => wrong.put('record/2', 'two'),
    () => wrong.putMany?.([['record/2', 2]]),
    () => wrong.remove('record/1'),
    () => wrong.entries(''),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'WRONG_KEY', message: expect.stringContaining('"record/1"') });
  expect(cells).toEqual(before);
  expect(await open().entries('')).toEqual([['record/1', 'one']]);
});

test('the check itself may be lost or damaged: a wrong key is told from the entries, and a right one puts it back', async () => {
  const { open, cells } = disk();
  await open().put('record/1', 'one');
  const [check] = [...cells.keys()].filter((key) => key !== 'record/1') as [string];
  for (const damage of [() => cells.delete(check), () => cells.set(check, 'torn')]) {
    damage();
    await expect(open(OTHER).put('record/1', 'two')).rejects.toMatchObject({ code: 'WRONG_KEY' });
    expect(await open().get('record/1')).toBe('one');
    expect(cells.get(check)).toMatchObject({ encrypted: 1 });
  }
});

test('a key of which nothing is left does not lock anybody out', async () => {
  const { open } = disk();
  await open().put('record/1', 'one');
  await open().remove('record/1');
  const next = open(OTHER);
  await next.put('record/2', 'two');
  expect(await open(OTHER).get('record/2')).toBe('two');
  await expect(open().get('record/2')).rejects.toMatchObject({ code: 'WRONG_KEY' });
});

test('a damaged entry is named and left as it is, and the others can be read', async () => {
  const { open, cells } = disk();
  await open().put('a', 'one');
  await open().put('b', 'two');
  const damaged = { ...(cells.get('a') as object), data: btoa('something of the right kind, of the wrong content') };
  cells.set('a', damaged);
  const unreadable = { code: 'UNKNOWN_FORMAT', message: expect.stringContaining('"a"') };
  await expect(open().get('a')).rejects.toMatchObject(unreadable);
  expect(await open().entries('')).toEqual([
    ['a', expect.objectContaining(unreadable)],
    ['b', 'two'],
  ]);
  expect(cells.get('a')).toEqual(damaged);
});

test('entries cannot be exchanged, neither within a storage nor with one of another name', async () => {
  const { open, cells } = disk();
  await open().put('a', 'one');
  await open().put('b', 'two');
  cells.set('b', cells.get('a'));
  await expect(open().get('b')).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
  await expect(open(KEY, 'another').get('a')).rejects.toMatchObject({ code: 'WRONG_KEY' });
});

test('switched on later: what stood there in the clear is encrypted at the first opening, and nothing is lost', async () => {
  const { open, cells, dump } = disk();
  cells.set('record/1', { title: 'a secret' }).set('record/2', { title: 'a secret' });
  const faulty = createFaultyStorage(memoryStorage(cells));
  faulty.failAt(2);
  const cut = encryptedStorage(faulty, KEY);
  expect(await cut.get('record/2')).toEqual({ title: 'a secret' });
  expect(cells.get('record/2')).toEqual({ title: 'a secret' });

  expect(await open().entries('')).toEqual([
    ['record/1', { title: 'a secret' }],
    ['record/2', { title: 'a secret' }],
  ]);
  expect(dump()).not.toContain('secret');
  // A tab of before still writes in the clear.
  cells.set('record/3', { title: 'late' });
  expect(await open().get('record/3')).toEqual({ title: 'late' });
});

test.each([
  [bytes(1, 15), '15 bytes'],
  [bytes(1, 24), '24 bytes'],
  [new Uint8Array(), '0 bytes'],
  ['a passphrase', 'string'],
  [null, 'null'],
])('what is no key is refused at the door: %j', (key, got) => {
  const attempt = () => encryptedStorage(memoryStorage(), key as EncryptionKey);
  expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`got ${got}`) }));
});

test('a CryptoKey of another kind, or one that may only read, is refused at the door', async () => {
  const { subtle } = globalThis.crypto;
  for (const key of [
    await subtle.importKey('raw', KEY, 'AES-CBC', false, ['encrypt', 'decrypt']),
    await subtle.importKey('raw', KEY, 'AES-GCM', false, ['decrypt']),
  ])
    expect(() => encryptedStorage(memoryStorage(), key)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
});

test('a key from a passphrase: the same for the same user, another for another, and not to be exported', async () => {
  const [key, same, other] = await Promise.all([
    deriveEncryptionKey('correct horse', 'ada'),
    deriveEncryptionKey('correct horse', 'ada'),
    deriveEncryptionKey('correct horse', 'grace'),
  ]);
  const { open } = disk();
  await open(key).put('a', 1);
  expect(await open(same).get('a')).toBe(1);
  await expect(open(other).get('a')).rejects.toMatchObject({ code: 'WRONG_KEY' });
  expect(key.extractable).toBe(false);
});
