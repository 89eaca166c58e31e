import type Database from 'better-sqlite3';
import type { LeaseEngine } from './engine.ts';
import type { StoredLease } from './store.ts';

export function createSqliteLeases(database: Database.Database): LeaseEngine & { endLeasesOf(user: string, clientId: string): void } {
  const columns = 'typename, id, token, user, client as clientId, expires as expiresAt';
  const ofEntity = database.prepare<[string, string], StoredLease>(`select ${columns} from farside_lease where typename = ? and id = ?`);
  const named = database.prepare<[number], StoredLease>(`select ${columns} from farside_lease where token = ?`);
  // Kept apart from the leases: a token is never given again, whatever became of the lease.
  const nextToken = database.prepare<[number], { value: string }>(
    `update farside_meta set value = max(cast(value as integer) + 1, cast(? as integer)) where key = 'fencing' returning value`,
  );
  const put = database.prepare<[string, string, number, string, string | null, number]>(
    'insert or replace into farside_lease (typename, id, token, user, client, expires) values (?, ?, ?, ?, ?, ?)',
  );
  const extend = database.prepare<[number, number]>('update farside_lease set expires = ? where token = ?');
  const end = database.prepare<[number]>('delete from farside_lease where token = ?');
  const endOf = database.prepare<[string, string]>('delete from farside_lease where user = ? and client = ?');
  const count = database.prepare<[string, number], { count: number }>(
    'select count(*) as count from farside_lease where user = ? and expires > ?',
  );
  const collect = database.prepare<[number]>('delete from farside_lease where expires < ?');

  return {
    findLease: (which) => ('token' in which ? named.get(which.token) : ofEntity.get(which.typename, which.id)) ?? null,
    grantLease(lease, atLeast) {
      const token = Number(nextToken.get(atLeast)?.value);
      put.run(lease.typename, lease.id, token, lease.user, lease.clientId, lease.expiresAt);
      return { ...lease, token };
    },
    extendLease: (token, expiresAt) => void extend.run(expiresAt, token),
    endLease: (token) => void end.run(token),
    endLeasesOf: (user, clientId) => void endOf.run(user, clientId),
    countLeases: (user, after) => count.get(user, after)?.count ?? 0,
    collectLeases: (before) => collect.run(before).changes,
  };
}
