import type { Outbox } from './outbox.ts';
import { isUnsettled, type MutationRecord } from './record.ts';

/** The entities that waiting records write, by id: whatever names one of them comes after those. */
export interface NamedIds {
  /**
   * Cache ids of those named anywhere in a value.
   * @param which of them: an entity that is only changed may be mentioned without being touched.
   * @param isId whether the value stands where an id is expected. Elsewhere one that somebody made up could be any word of a text; made
   * by chance, it is itself wherever it stands.
   */
  namedIn(value: unknown, which: 'created' | 'written', isId: boolean): readonly string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(id: string): boolean {
  return UUID.test(id);
}

export function createNamedIds(outbox: Pick<Outbox, 'records' | 'subscribe'>): NamedIds {
  /** Id → cache id → how many waiting records write it, and how many of them create it. */
  const waiting = new Map<string, Map<string, { written: number; created: number }>>();
  const count = (record: MutationRecord | null, by: 1 | -1): void => {
    if (!record || !isUnsettled(record) || record.typename === null || record.entityId === null) return;
    const key = `${record.typename}:${record.entityId}`;
    const keys = waiting.get(record.entityId) ?? new Map<string, { written: number; created: number }>();
    const counts = keys.get(key) ?? { written: 0, created: 0 };
    counts.written += by;
    if (record.kind === 'create') counts.created += by;
    if (counts.written > 0) keys.set(key, counts);
    else keys.delete(key);
    if (keys.size > 0) waiting.set(record.entityId, keys);
    else waiting.delete(record.entityId);
  };
  for (const record of outbox.records()) count(record, 1);
  outbox.subscribe(({ before, after }) => {
    count(before, -1);
    count(after, 1);
  });

  return {
    namedIn(value, which, isId) {
      if (waiting.size === 0) return [];
      const found = new Set<string>();
      const collect = (each: unknown): void => {
        if (typeof each === 'string') {
          if (isId || UUID.test(each)) for (const [key, counts] of waiting.get(each) ?? []) if (counts[which] > 0) found.add(key);
        } else if (typeof each === 'object' && each !== null) Object.values(each).forEach(collect);
      };
      collect(value);
      return [...found];
    },
  };
}
