import type { LeaseEngine } from './engine.ts';
import type { Work } from './handle.ts';
import type { Connection } from './postgres-connection.ts';
import type { OwnTables } from './postgres-tables.ts';
import { fromText, toText } from './postgres-text.ts';
import type { Row, StoredLease } from './store.ts';

const XID = 'pg_current_xact_id()::text as xid';
const COLUMNS = 'typename, id, token, "user", client as "clientId", expires as "expiresAt"';

const read = (row: StoredLease): StoredLease => ({ ...row, id: fromText(row.id), user: fromText(row.user) });

/** The last leases of many entities; of some there is none. */
export async function leasesOf(
  connection: Connection,
  own: OwnTables,
  entities: readonly Pick<Row, '__typename' | 'id'>[],
): Promise<readonly StoredLease[]> {
  const rows = await connection.rows<StoredLease>(
    `select ${COLUMNS} from ${own.lease} where (typename, id) in (select * from unnest($1::text[], $2::text[]))`,
    [entities.map(({ __typename }) => __typename), entities.map(({ id }) => toText(id))],
    true,
  );
  return rows.map(read);
}

export function createPostgresLeases(
  connection: Connection,
  own: OwnTables,
  noteXid: (rows: readonly { readonly xid: string }[]) => void,
): Pick<Work, keyof LeaseEngine> & { endLeasesOf(user: string, clientId: string): Promise<void> } {
  const find = async (where: string, values: readonly unknown[]): Promise<StoredLease | null> => {
    const [row] = await connection.rows<StoredLease>(`select ${COLUMNS} from ${own.lease} where ${where}`, values, true);
    return row === undefined ? null : read(row);
  };
  const change = async (statement: string, values: readonly unknown[]): Promise<number> => {
    const rows = await connection.rows<{ xid: string }>(`${statement} returning ${XID}`, values, true);
    noteXid(rows);
    return rows.length;
  };

  return {
    // A statement of its own after the row was locked: one that has waited for the lock would still see leases as they were before.
    findLease: (which) =>
      'token' in which ? find('token = $1', [which.token]) : find('typename = $1 and id = $2', [which.typename, toText(which.id)]),
    async grantLease(lease, atLeast) {
      const { typename, id, user, clientId, expiresAt } = lease;
      const [row] = await connection.rows<{ token: number; xid: string }>(
        `with next as (
           update ${own.meta} set value = greatest(value::bigint + 1, $6::bigint)::text where key = 'fencing' returning value::bigint as token
         )
         insert into ${own.lease} select $1, $2, token, $3, $4, $5::bigint from next
         on conflict (typename, id) do update
         set token = excluded.token, "user" = excluded."user", client = excluded.client, expires = excluded.expires
         returning token, ${XID}`,
        [typename, toText(id), toText(user), clientId, expiresAt, atLeast],
        true,
      );
      if (row === undefined) throw new Error('the count of fencing tokens is gone from the table farside_meta');
      noteXid([row]);
      return { ...lease, token: row.token };
    },
    async extendLease(token, expiresAt) {
      await change(`update ${own.lease} set expires = $2 where token = $1`, [token, expiresAt]);
    },
    async endLease(token) {
      await change(`delete from ${own.lease} where token = $1`, [token]);
    },
    async endLeasesOf(user, clientId) {
      await change(`delete from ${own.lease} where "user" = $1 and client = $2`, [toText(user), clientId]);
    },
    async countLeases(user, after) {
      const [row] = await connection.rows<{ count: number }>(
        `select count(*) as count from ${own.lease} where "user" = $1 and expires > $2`,
        [toText(user), after],
        true,
      );
      return row?.count ?? 0;
    },
    collectLeases: (before) => change(`delete from ${own.lease} where expires < $1`, [before]),
  };
}
