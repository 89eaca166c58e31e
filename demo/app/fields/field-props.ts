import type { Pending } from '../status/pending-mark.tsx';

/** One stored field on a page: what it is, whether it waits, how it is saved. */
export interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  readonly version: number;
  readonly state: Pending;
  /** Resolves with `null` when it could not be saved. */
  readonly save: (value: T, version: number) => Promise<object | null>;
}
