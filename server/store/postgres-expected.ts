import type { Work } from './handle.ts';
import type { Connection } from './postgres-connection.ts';
import type { PostgresModel } from './postgres-engine.ts';
import { leasesOf } from './postgres-leases.ts';
import { toText } from './postgres-text.ts';
import type { Row, StoredLease, StoredRow } from './store.ts';

type Entity = Pick<Row, '__typename' | 'id'>;

const keyOf = (typename: string, id: string): string => `${typename} ${id}`;

/**
 * What a document is about to write, locked and brought in one journey for each type, and the leases of all of it in another: asked for
 * one by one, each field of the document would take two. Leases come after the rows are locked, from then on they stay as they are. Each
 * is handed out once, for what is written after that has to be looked at again.
 */
export function createExpected(model: PostgresModel, connection: Connection, work: Work) {
  const rows = new Map<string, StoredRow>();
  const leases = new Map<string, StoredLease | null>();
  const take = <Value>(from: Map<string, Value>, key: string): Value | undefined => {
    const value = from.get(key);
    from.delete(key);
    return value;
  };
  const forget = (): void => {
    rows.clear();
    leases.clear();
  };
  const unforeseen =
    <Args extends readonly unknown[], Result>(run: (...args: Args) => Result) =>
    (...args: Args): Result => {
      forget();
      return run(...args);
    };

  const expecting: Work = {
    ...work,
    get(typename, id, lock) {
      return take(rows, keyOf(typename, id)) ?? work.get(typename, id, lock);
    },
    findLease(which) {
      const known = 'token' in which ? undefined : take(leases, keyOf(which.typename, which.id));
      return known === undefined ? work.findLease(which) : known;
    },
    put(typename, stored, past) {
      rows.delete(keyOf(typename, stored.row.id));
      return work.put(typename, stored, past);
    },
    grantLease: unforeseen(work.grantLease),
    extendLease: unforeseen(work.extendLease),
    endLease: unforeseen(work.endLease),
    collectLeases: unforeseen(work.collectLeases),
    retire: unforeseen(work.retire),
  };

  return {
    work: expecting,
    forget,
    async expect(entities: readonly Entity[]): Promise<void> {
      // One is brought as quickly alone.
      if (entities.length < 2) return;
      const found: Entity[] = [];
      for (const typename of new Set(entities.map(({ __typename }) => __typename))) {
        const { selectLocked, decode } = model.entity(typename);
        if (selectLocked === null) continue;
        const ids = entities.filter(({ __typename }) => __typename === typename).map(({ id }) => toText(id));
        for (const values of await connection.rows<Record<string, unknown>>(selectLocked, [ids], true)) {
          const stored = decode(values);
          rows.set(keyOf(typename, stored.row.id), stored);
          found.push(stored.row);
        }
      }
      if (found.length === 0) return;
      for (const { __typename, id } of found) leases.set(keyOf(__typename, id), null);
      for (const lease of await leasesOf(connection, model.own, found)) leases.set(keyOf(lease.typename, lease.id), lease);
    },
  };
}
