import { isObject } from '../../schema/shape.ts';
import type { Tombstones } from '../cache/tombstones.ts';
import type { Doubted } from './doubts.ts';

/** Stored with the data that the cursor covers. */
export interface Checkpoint extends Partial<Doubted>, ReturnType<Tombstones['stored']> {
  readonly cursor: unknown;
  readonly syncedAt: number;
}

/** `null`: nothing has been pulled yet. */
export const cursorOf = (checkpoint: unknown): unknown => (isObject(checkpoint) ? (checkpoint.cursor ?? null) : null);
