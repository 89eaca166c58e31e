import type { Storage } from '../ports.ts';
import type { MutationRecord } from './record.ts';

/**
 * Which records may have reached the server though storage has them as never sent. One key for all of a request, written before it
 * goes out: after a crash in the middle of it, an edit must know that its record is perhaps applied already, and a person sees the
 * attempt. Writing the records themselves would cost a put for each.
 */
export interface Attempts {
  /** Resolves when storage knows that these are being sent. */
  mark(sending: readonly MutationRecord[]): Promise<void>;
  /** Storage has the record itself as it is now, or no more. */
  stored(id: string): void;
  load(): Promise<void>;
  /** The record as it was read, with the attempts that it was too early to write down there. */
  counted(record: MutationRecord): MutationRecord;
}

export const ATTEMPTS = 'attempts';
type Mark = readonly [id: string, clientId: string, mutationId: number, attempts: number];

export function createAttempts(storage: Pick<Storage, 'get' | 'put'>): Attempts {
  const marks = new Map<string, Mark>();
  return {
    mark(sending) {
      for (const { id, clientId, mutationId, attempts } of sending) marks.set(id, [id, clientId, mutationId, attempts]);
      return storage.put(ATTEMPTS, [...marks.values()]);
    },
    stored: (id) => void marks.delete(id),
    async load() {
      // Damaged, it says nothing; the next request writes it anew.
      const value = await storage.get(ATTEMPTS).catch(() => null);
      for (const mark of Array.isArray(value) ? value.filter(isMark) : []) {
        const [, clientId, mutationId, attempts] = marks.get(mark[0]) ?? [];
        // Ours is newer, unless another tab sends now.
        if (clientId !== mark[1] || mutationId !== mark[2] || attempts === undefined || attempts < mark[3]) marks.set(mark[0], mark);
      }
    },
    counted(record) {
      const [, clientId, mutationId, attempts] = marks.get(record.id) ?? [];
      // Under another key it is another write.
      if (attempts === undefined || clientId !== record.clientId || mutationId !== record.mutationId) return record;
      return attempts > record.attempts ? { ...record, attempts } : record;
    },
  };
}

function isMark(value: unknown): value is Mark {
  if (!Array.isArray(value)) return false;
  const [id, clientId, mutationId, attempts] = value as readonly unknown[];
  return typeof id === 'string' && typeof clientId === 'string' && typeof mutationId === 'number' && typeof attempts === 'number';
}
