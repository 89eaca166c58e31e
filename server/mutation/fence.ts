import type { ConflictCode } from '../../schema/protocol.ts';
import type { LeaseHeld } from '../context.ts';
import type { Awaitable } from '../steps.ts';
import type { Row } from '../store/store.ts';

/** Why a lease stands in the way of a write. */
export interface Fenced {
  readonly code: ConflictCode;
  readonly message: string;
  /** Of whoever holds it now; `null`: nobody does. */
  readonly lease: LeaseHeld | null;
}

/** Asked after the row was taken and before it is written; `null`: nothing stands in the way. */
export type Fence = (row: Row) => Awaitable<Fenced | null>;
