/** What one transaction has done so far. */
export interface Progress {
  /** Set by its first write. */
  xid: string | null;
  readonly typenames: Set<string>;
  /** The number of the first change of the unit at hand. */
  unit: number | null;
  /** Entities that were not there when it looked: whoever makes one meanwhile is to be noticed, not overwritten. */
  readonly absent: Set<string>;
  /** Why the transaction cannot stand, whatever becomes of it. */
  doom: unknown;
}

export const noProgress = (): Progress => ({ xid: null, typenames: new Set(), unit: null, absent: new Set(), doom: null });
