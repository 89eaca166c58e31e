import type { OfflineError } from '../errors.ts';
import type { MutationRecord } from '../outbox/record.ts';
import type { CircuitInput } from './circuit.ts';
import type { AnswerError } from './outcome.ts';

/** News for the connection state and for other tabs. */
export interface SettleNews {
  readonly reached: (how: 'answered' | 'unreachable' | 'unauthenticated') => void;
  /** How the endpoint did with one request. */
  readonly endpoint: (input: CircuitInput) => void;
  /** What is here is older than what the server has. */
  readonly stale: () => void;
  readonly settled: (record: MutationRecord, errors: readonly AnswerError[]) => void;
  readonly failed: (record: MutationRecord, error: OfflineError) => void;
  /** It is a dead letter by now. */
  readonly expired: (record: MutationRecord) => void;
  readonly event: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
}
