import type { OfflineError } from '../errors.ts';
import type { MutationRecord } from '../outbox/record.ts';
import type { AnswerError } from './outcome.ts';

/** News for the connection state and for other tabs. */
export interface SettleNews {
  readonly reached: (how: 'answered' | 'unreachable' | 'unauthenticated') => void;
  readonly settled: (record: MutationRecord, errors: readonly AnswerError[]) => void;
  readonly failed: (record: MutationRecord, error: OfflineError) => void;
  readonly event: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
}
