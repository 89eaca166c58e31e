import type { ExecutionArgs } from 'graphql';
import type { OfflineRequest } from '../../schema/protocol.ts';
import type { OfflineUser } from '../context.ts';
import type { Settings } from '../plugin-options.ts';
import type { Scopes } from '../scope.ts';
import type { Execute } from './execute-field.ts';
import type { Planner } from './plan.ts';

/** One mutation operation on its way. */
export interface MutationJob extends Pick<Settings<never>, 'store' | 'limits'> {
  readonly scopes: Scopes;
  readonly planner: Planner;
  readonly execute: Execute;
  /** No plugin has put anything around the executor, so nobody misses it. */
  readonly isPlainExecutor: boolean;
  readonly args: ExecutionArgs;
  readonly user: OfflineUser;
  /** `null`: a client that knows nothing of this protocol. */
  readonly request: OfflineRequest | null;
  /** Header `Idempotency-Key`, as it came. */
  readonly key: string | null;
  readonly now: () => number;
}
