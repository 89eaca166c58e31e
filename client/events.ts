import { OfflineError } from './errors.ts';
import { createEmitter } from './observed.ts';
import type { OfflineEvent } from './status.ts';

/** What is worth logging, to whoever listens; `onThrow`: something that was not expected to be thrown. */
export function createEvents() {
  const { emit, subscribe } = createEmitter<OfflineEvent>();
  const onThrow = (error: unknown): void =>
    emit({ code: OfflineError.is(error) ? error.code : 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) });
  return { emit, subscribe, onThrow };
}
