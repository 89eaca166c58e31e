import { isObject } from '../../schema/shape.ts';
import type { Doubted } from './doubts.ts';

/** Stored with the data that the cursor covers. */
export interface Checkpoint extends Partial<Doubted> {
  readonly cursor: unknown;
  readonly syncedAt: number;
}

/** `null`: nothing has been pulled yet. */
export const cursorOf = (checkpoint: unknown): unknown => (isObject(checkpoint) ? (checkpoint.cursor ?? null) : null);
