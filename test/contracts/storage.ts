import { describe, expect, test } from 'vitest';
import type { Storage } from '../../client/ports.ts';

/** One engine under test: `open` gives a storage over the same disk each time, as the next start of the app would. */
export interface StorageSubject {
  open(): Storage;
}

/** What every Storage must do; each adapter runs this suite. `create` gives an empty disk. */
export function storageContract(
  name: string,
  create: () => StorageSubject | Promise<StorageSubject>,
  { keepsFileNames = true } = {},
): void {
  const openNew = async (): Promise<Storage> => (await create()).open();

  describe(`Storage contract: ${name}`, () => {
    test('an absent key reads as null', async () => {
      const storage = await openNew();
      expect(await storage.get('nothing')).toBe(null);
      expect(await storage.entries('')).toEqual([]);
    });

    test.each<[string, unknown]>([
      ['false', false],
      ['zero', 0],
      ['an empty string', ''],
      ['an empty list', []],
      ['an empty object', {}],
      ['nested falsy values', { a: null, b: false, c: [0, '', null, []], d: { e: {} } }],
      ['text beyond ASCII', { '🌘': 'Überprüfung — “läuft” \u0000\u2028 𝒙' }],
      ['the edges of integers', [2 ** 31 - 1, -(2 ** 31), Number.MAX_SAFE_INTEGER, 1e-7]],
      ['a long text', 'x'.repeat(300_000)],
    ])('keeps %s', async (_, value) => {
      const subject = await create();
      await subject.open().put('key', value);
      expect(await subject.open().get('key')).toEqual(value);
      expect(await subject.open().entries('key')).toEqual([['key', value]]);
    });

    test('keeps Blobs, Files, buffers and typed arrays inside a value, byte for byte', async () => {
      const subject = await create();
      const bytes = Uint8Array.from({ length: 40_000 }, (_, at) => at % 251);
      const stored = {
        blobs: [new Blob([bytes], { type: 'image/png' }), null] as const,
        file: new File(['crack'], 'Riß.txt', { type: 'text/plain', lastModified: 12 }),
        buffer: bytes.buffer,
        part: bytes.subarray(3, 7),
        wide: new Float64Array([0.1, Number.NaN]),
        none: new Uint8Array(),
      };
      await subject.open().put('key', stored);
      const same = (a: Uint8Array): boolean => a.length === bytes.length && a.every((byte, at) => byte === bytes[at]);
      for (const value of [await subject.open().get('key'), (await subject.open().entries('key'))[0]?.[1]]) {
        const { blobs, file, buffer, part, wide, none } = value as typeof stored;
        expect([blobs[0].type, blobs[1]]).toEqual(['image/png', null]);
        expect(same(new Uint8Array(await blobs[0].arrayBuffer()))).toBe(true);
        expect([await file.text(), file.type]).toEqual(['crack', 'text/plain']);
        // Node's structured clone makes a Blob of a File, and so does an IndexedDB that is built on it.
        if (keepsFileNames) expect([file.name, file.lastModified]).toEqual(['Riß.txt', 12]);
        expect(same(new Uint8Array(buffer))).toBe(true);
        expect([part, wide, none]).toEqual([bytes.slice(3, 7), new Float64Array([0.1, Number.NaN]), new Uint8Array()]);
      }
    });

    test.each([[{ $farside: 'Blob', data: 'AAAA' }], [{ $farside: { $farside: 1 } }], [{ encrypted: 1, iv: 'x', data: 'y', more: true }]])(
      'what looks like the storage’s own spelling is data like any other: %j',
      async (value) => {
        const subject = await create();
        await subject.open().put('key', { value });
        expect(await subject.open().get('key')).toEqual({ value });
      },
    );

    test('a put replaces the whole value', async () => {
      const storage = await openNew();
      await storage.put('key', { a: 1, b: 2 });
      await storage.put('key', { b: 3 });
      expect(await storage.get('key')).toEqual({ b: 3 });
    });

    test('what was stored does not change with the object that it came from, nor with the one that was read', async () => {
      const storage = await openNew();
      const value = { list: [1] };
      await storage.put('key', value);
      value.list.push(2);
      ((await storage.get('key')) as typeof value).list.push(3);
      expect(await storage.get('key')).toEqual({ list: [1] });
    });

    test('a removed key is absent, and removing it again is harmless', async () => {
      const subject = await create();
      const storage = subject.open();
      await storage.put('a', 1);
      await storage.put('b', 2);
      await storage.remove('a');
      await storage.remove('a');
      expect(await storage.get('a')).toBe(null);
      expect(await subject.open().entries('')).toEqual([['b', 2]]);
      await storage.put('a', 3);
      expect(await subject.open().get('a')).toBe(3);
    });

    test('entries: every pair with the prefix, only those, in ascending order of keys', async () => {
      const storage = await openNew();
      const keys = ['record/10', 'record/2', 'record/1', 'record', 'records/1', 'Record/1', 'record/ä', 'record/a', 'r', 'x/record/1'];
      for (const key of keys) await storage.put(key, key);
      const list = async (prefix: string): Promise<string[]> => (await storage.entries(prefix)).map(([key]) => key);
      expect(await list('record/')).toEqual(['record/1', 'record/10', 'record/2', 'record/a', 'record/ä']);
      expect(await list('x/')).toEqual(['x/record/1']);
      expect(await list('')).toEqual([...keys].sort());
      expect(await list('nothing/')).toEqual([]);
    });

    test('writes that run at the same time all arrive; on one key the last one wins', async () => {
      const subject = await create();
      const storage = subject.open();
      const keys = Array.from({ length: 100 }, (_, at) => `key/${String(at).padStart(3, '0')}`);
      await Promise.all([...keys.map((key) => storage.put(key, key)), storage.put('one', 1), storage.put('one', 2), storage.put('one', 3)]);
      expect((await subject.open().entries('key/')).map(([key]) => key)).toEqual(keys);
      expect(await subject.open().get('one')).toBe(3);
    });

    test('two instances over one disk do not lose each other’s keys', async () => {
      const subject = await create();
      const [a, b] = [subject.open(), subject.open()];
      const keys = Array.from({ length: 50 }, (_, at) => String(at + 100));
      await Promise.all(keys.flatMap((key) => [a.put(`a${key}`, key), b.put(`b${key}`, key)]));
      await Promise.all(keys.map((key) => a.remove(`b${key}`)));
      expect((await b.entries('')).map(([key]) => key)).toEqual(keys.map((key) => `a${key}`));
    });

    test('putMany, where there is one, stores every pair', async () => {
      const subject = await create();
      const storage = subject.open();
      if (storage.putMany === undefined) return;
      await storage.put('a', 'old');
      await storage.putMany([
        ['b', 2],
        ['a', 1],
        ['c', { d: null }],
      ]);
      await storage.putMany([]);
      expect(await subject.open().entries('')).toEqual([
        ['a', 1],
        ['b', 2],
        ['c', { d: null }],
      ]);
    });

    test('a value that cannot be stored rejects, leaves the old one, and does not block what follows', async () => {
      const storage = await openNew();
      await storage.put('key', 'old');
      await expect(storage.put('key', () => {})).rejects.toMatchObject({ code: 'INVALID_OPERATION' });
      expect(await storage.get('key')).toBe('old');
      await storage.put('key', 'new');
      expect(await storage.get('key')).toBe('new');
    });
  });
}
