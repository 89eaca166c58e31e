import { OfflineError } from '../errors.ts';

/** One engine's failure in the words that all of them share. `what` completes "expected to …". */
export function storageError(error: unknown, what: string): OfflineError {
  if (OfflineError.is(error)) return error;
  const name = nameOf(error);
  if (FULL.has(name)) {
    return new OfflineError('STORAGE_FULL', `expected to ${what}, the storage is full; free space, or ask for persistent storage`, {
      cause: error,
    });
  }
  if (name === 'DataCloneError') {
    return new OfflineError('INVALID_OPERATION', `expected to ${what}, the value cannot be copied; store plain JSON values`, {
      cause: error,
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new OfflineError(
    'STORAGE_UNAVAILABLE',
    `expected to ${what}, the storage failed (${reason}); it may be blocked by private mode or by the site's settings`,
    { cause: error },
  );
}

/** Firefox has a name of its own. */
const FULL: ReadonlySet<string> = new Set(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED']);

/** Of a `DOMException` above all, whose name is its code. */
export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}
