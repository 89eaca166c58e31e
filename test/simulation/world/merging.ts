import type { Tab } from './tab.ts';

/** What the call has made of the outbox at once: the record that has the mutation in it; null: none has, it cancelled another one. */
export function madeIn(tab: Pick<Tab, 'offline'>, call: () => void): string | null {
  const before = new Map(tab.offline.outbox.records().map(({ id, variables }) => [id, variables]));
  call();
  return tab.offline.outbox.records().find(({ id, variables }) => before.get(id) !== variables)?.id ?? null;
}

/**
 * Which tickets every key stands for that a disk has ever had a record under. On devices whose app lets mutations become one before
 * they are sent, none carries its ticket: two that differ in it would not become one.
 */
export interface Merges {
  made(record: string, ticket: string, tab: string): void;
  /** What the tab had not stored is in no record. */
  gone(tab: string): void;
  stored(value: unknown): void;
  carriedBy(clientId: string, mutationId: number): readonly string[];
  /** All tickets that a record stands for, if mutations may become one there. */
  ticketsIn(record: string): readonly string[];
  /** The last ticket that a record stands for; its maker may have crashed before it heard that it is kept. */
  lastIn(record: string): string | null;
}

interface StoredRecord {
  readonly id: string;
  readonly clientId: string;
  readonly mutationId: number;
  readonly absorbed?: readonly string[];
}

export function createMerges(): Merges {
  const inRecord = new Map<string, readonly string[]>();
  const underKey = new Map<string, readonly string[]>();
  /** By tab: what it has made, and no disk has had yet. */
  const unwritten = new Map<string, Set<string>>();
  return {
    made(record, ticket, tab) {
      inRecord.set(record, [...(inRecord.get(record) ?? []), ticket]);
      unwritten.set(tab, (unwritten.get(tab) ?? new Set()).add(ticket));
    },
    gone(tab) {
      const lost = unwritten.get(tab) ?? new Set();
      unwritten.delete(tab);
      if (lost.size === 0) return;
      for (const [record, tickets] of inRecord)
        inRecord.set(
          record,
          tickets.filter((ticket) => !lost.has(ticket)),
        );
    },
    stored(value) {
      if (typeof value !== 'object' || value === null || !('mutationId' in value)) return;
      const { id, clientId, mutationId, absorbed = [] } = value as StoredRecord;
      const all = [id, ...absorbed].flatMap((each) => inRecord.get(each) ?? []);
      if (absorbed.length > 0) inRecord.set(id, [...new Set(all)]);
      const key = `${clientId} ${mutationId}`;
      // What has become of several has the key of the last, which it had alone before.
      if (absorbed.length === 0 && underKey.has(key)) return;
      underKey.set(key, [...new Set(all)]);
      for (const made of unwritten.values()) for (const ticket of all) made.delete(ticket);
    },
    ticketsIn: (record) => inRecord.get(record) ?? [],
    lastIn: (record) => inRecord.get(record)?.at(-1) ?? null,
    carriedBy: (clientId, mutationId) => underKey.get(`${clientId} ${mutationId}`) ?? [],
  };
}
