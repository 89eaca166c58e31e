import type { Storage } from '../ports.ts';
import { type MutationRecord, maybeSent } from './record.ts';

/** What servers that number their entities themselves made of the ids that stood for them here. It outlives the records. */
export interface AssignedIds {
  /** The server's id; null: not known, or not a temporary id. */
  lookup(temporary: string): string | null;
  /** Known here when the promise resolves, and then it is durable: what was rewritten once is rewritten the same way after a crash. */
  assign(found: readonly AssignedId[]): Promise<void>;
  /** Known here and durable already: another tab has seen to it. */
  note(found: AssignedId): void;
  load(): Promise<void>;
  /** A copy with the server's ids wherever a temporary one stands; the value itself where there is none. */
  translate<T>(value: T): T;
  /**
   * The other way: a copy with temporary ids where the server's stand, of entities whose create is still to be answered. So what is made
   * under the server's id meanwhile can be told to wait.
   */
  translateBack<T>(value: T): T;
  /**
   * The record with the server's ids. Its order follows them at once; what may have been sent stays as it was, because other content
   * under the same key would be another write (I3).
   */
  translateRecord(record: MutationRecord): MutationRecord;
  /** Nothing of it stays in memory. */
  forget(): void;
  /** Nothing of it stays anywhere. */
  clear(): Promise<void>;
}

export interface AssignedId {
  readonly temporary: string;
  readonly assigned: string;
  /** Of the record that made the entity: older ones are forgotten first. */
  readonly sequence: number;
}

const ASSIGNED = 'assigned/';
/** Somebody may still stand on a page named by a temporary id; nobody stands on this many. */
const MOST = 10_000;

/**
 * `isAwaited`: whether the create of a temporary entity is still to be answered. What waits behind it is then left as it is, though the id
 * may be known: from an answer that could not be stored, or that a crash came after. Under the new name it would not wait any more, and
 * would stand on nothing.
 */
export function createAssignedIds(storage: Storage, isAwaited: (temporary: string) => boolean): AssignedIds {
  const ids = new Map<string, string>();
  const temporaries = new Map<string, string>();
  const set = (temporary: string, assigned: string): void => {
    ids.set(temporary, assigned);
    temporaries.set(assigned, temporary);
  };
  const usable = (temporary: string): string | undefined => {
    const assigned = ids.get(temporary);
    return assigned !== undefined && isAwaited(temporary) ? undefined : assigned;
  };
  const awaited = (assigned: string): string | undefined => {
    const temporary = temporaries.get(assigned);
    return temporary !== undefined && isAwaited(temporary) ? temporary : undefined;
  };

  const rename = <T>(value: T, named: (id: string) => string | undefined): T => {
    const renamed = (each: unknown): unknown => {
      if (typeof each === 'string') return named(each) ?? each;
      if (Array.isArray(each)) {
        const items = each.map(renamed);
        return items.some((item, index) => item !== each[index]) ? items : each;
      }
      if (!isPlain(each)) return each;
      const members = Object.entries(each).map(([key, member]) => [key, renamed(member)] as const);
      return members.some(([key, member]) => member !== each[key]) ? Object.fromEntries(members) : each;
    };
    return ids.size === 0 ? value : (renamed(value) as T);
  };

  /** `Note:temporary` → `Note:assigned`. */
  const translateKey = (key: string): string => {
    const at = key.indexOf(':');
    const assigned = usable(key.slice(at + 1));
    return at < 0 || assigned === undefined || key.startsWith('record:') ? key : `${key.slice(0, at + 1)}${assigned}`;
  };
  const translateKeys = (keys: readonly string[]): readonly string[] => {
    const after = keys.map(translateKey);
    return after.some((key, index) => key !== keys[index]) ? [...new Set(after)] : keys;
  };

  return {
    lookup: (temporary) => ids.get(temporary) ?? null,
    async assign(found) {
      const pairs = found.map((each) => [ASSIGNED + each.temporary, { id: each.assigned, sequence: each.sequence }] as const);
      if (storage.putMany && pairs.length > 1) await storage.putMany(pairs);
      else for (const [key, value] of pairs) await storage.put(key, value);
      for (const { temporary, assigned } of found) set(temporary, assigned);
    },
    note: ({ temporary, assigned }) => set(temporary, assigned),
    async load() {
      const stored = (await storage.entries(ASSIGNED)).flatMap(([key, value]) => {
        const { id, sequence } = (value ?? {}) as { readonly id?: unknown; readonly sequence?: unknown };
        return typeof id === 'string' && typeof sequence === 'number' ? [{ key, id, sequence }] : [];
      });
      const [...old] = stored.sort((a, b) => b.sequence - a.sequence).splice(MOST);
      for (const { key, id } of stored) set(key.slice(ASSIGNED.length), id);
      for (const { key } of old) await storage.remove(key);
    },
    translate: (value) => rename(value, (id) => ids.get(id)),
    translateBack: (value) => rename(value, awaited),
    translateRecord(record) {
      const { entityId } = record;
      const writes = translateKeys(record.writes);
      const reads = translateKeys(record.reads);
      const content = maybeSent(record)
        ? record
        : {
            variables: rename(record.variables, usable),
            base: rename(record.base, usable),
            optimisticResponse: rename(record.optimisticResponse, usable),
          };
      const isSame =
        writes === record.writes &&
        reads === record.reads &&
        content.variables === record.variables &&
        content.base === record.base &&
        content.optimisticResponse === record.optimisticResponse;
      if (isSame) return record;
      const { variables, base, optimisticResponse } = content;
      // A create made up its id itself; every other record names one.
      const named = record.temporaryId || entityId === null ? entityId : (usable(entityId) ?? entityId);
      return { ...record, writes, reads, variables, base, optimisticResponse, entityId: named };
    },
    forget() {
      ids.clear();
      temporaries.clear();
    },
    async clear() {
      ids.clear();
      temporaries.clear();
      for (const [key] of await storage.entries(ASSIGNED)) await storage.remove(key);
    },
  };
}

/** Files, dates and buffers hold no ids. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
