import type { Cancel } from '../ports.ts';
import type { MutationRecord } from './record.ts';

/** Writes under way, and what storage has until they end: a crash brings that back, so the server must not forget its answer yet. */
export interface Writes {
  /** Runs a write of these; `stored` says what storage has of each until then. */
  run(ids: readonly string[], stored: (id: string) => MutationRecord | null, write: () => Promise<void>): Promise<void>;
  isUnderWay(id: string): boolean;
  /** Whether storage may still have nothing of it. */
  isNew(id: string): boolean;
  /** How many those are. */
  readonly unstored: number;
  /** What a crash would bring back. */
  overwritten(): readonly MutationRecord[];
  /** Hears of each when a write of it has ended, well or not. */
  onEnded(listener: (id: string) => void): Cancel;
}

export function createWrites(): Writes {
  const underWay = new Map<string, { readonly stored: MutationRecord | null; count: number }>();
  const listeners = new Set<(id: string) => void>();
  let unstored = 0;

  const begin = (id: string, stored: MutationRecord | null): void => {
    underWay.set(id, { stored, count: 1 });
    if (stored === null) unstored += 1;
  };
  const end = (id: string, stored: MutationRecord | null): void => {
    underWay.delete(id);
    if (stored === null) unstored -= 1;
  };

  return {
    async run(ids, stored, write) {
      for (const id of ids) {
        const under = underWay.get(id);
        if (under) under.count += 1;
        else begin(id, stored(id));
      }
      try {
        await write();
      } finally {
        for (const id of ids) {
          const under = underWay.get(id);
          if (under && --under.count === 0) end(id, under.stored);
        }
        for (const id of ids) for (const listener of [...listeners]) listener(id);
      }
    },
    isUnderWay: (id) => underWay.has(id),
    isNew: (id) => underWay.get(id)?.stored === null,
    get unstored() {
      return unstored;
    },
    overwritten: () => [...underWay.values()].flatMap(({ stored }) => stored ?? []),
    onEnded(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
