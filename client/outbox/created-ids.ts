import type { Outbox } from './outbox.ts';
import { isUnsettled, type MutationRecord } from './record.ts';

/** The entities that waiting records create: whatever names one of them has to wait for it. */
export interface CreatedIds {
  /** Cache ids of those named anywhere in a value. */
  namedIn(value: unknown): readonly string[];
}

/** Ids that somebody made up could be any word of a text; made by chance, they are themselves wherever they stand. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(id: string): boolean {
  return UUID.test(id);
}

export function createCreatedIds(outbox: Pick<Outbox, 'records' | 'subscribe'>): CreatedIds {
  const created = new Map<string, string>();
  const note = (before: MutationRecord | null, after: MutationRecord | null): void => {
    if (before?.kind === 'create' && before.entityId !== null) created.delete(before.entityId);
    if (after?.kind === 'create' && isUnsettled(after) && after.typename !== null && after.entityId !== null && UUID.test(after.entityId))
      created.set(after.entityId, `${after.typename}:${after.entityId}`);
  };
  for (const record of outbox.records()) note(null, record);
  outbox.subscribe(({ before, after }) => note(before, after));

  const collect = (value: unknown, found: Set<string>): void => {
    if (typeof value === 'string') {
      const key = created.get(value);
      if (key !== undefined) found.add(key);
    } else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) collect(each, found);
  };
  return {
    namedIn(value) {
      if (created.size === 0) return [];
      const found = new Set<string>();
      collect(value, found);
      return [...found];
    },
  };
}
