import { expect, test, vi } from 'vitest';
import { OfflineError } from '../../client/errors.ts';

test('an OfflineError is known by its brand and code, not by its class: the worker has a copy of its own', async () => {
  vi.resetModules();
  const other = (await import('../../client/errors.ts')).OfflineError;
  expect(other).not.toBe(OfflineError);
  const error: unknown = new other('STORAGE_FULL', 'full', { cause: 7, recordId: 'r1' });
  expect(error instanceof OfflineError).toBe(false);
  expect(OfflineError.is(error)).toBe(true);
  expect(OfflineError.is(error, 'STORAGE_FULL')).toBe(true);
  expect(OfflineError.is(error, 'OUTBOX_FULL')).toBe(false);
  expect(error).toMatchObject({ name: 'OfflineError', code: 'STORAGE_FULL', cause: 7, recordId: 'r1', message: 'full' });
});

test('nothing else is one', () => {
  for (const value of [null, undefined, 'STORAGE_FULL', new Error('x'), { code: 'STORAGE_FULL' }])
    expect(OfflineError.is(value)).toBe(false);
});
