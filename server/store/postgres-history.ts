import type { Connection } from './postgres-connection.ts';
import type { Place } from './postgres-position.ts';
import { BOUND, type OwnTables } from './postgres-tables.ts';

const LOCK = 0x46415254;
const KEPT_EPOCHS = 1000;

/**
 * Begins a new stretch of history where there may be a gap: at the start of a process (a dump may have been loaded before), and when the
 * server is another one than the stretch began on (promoted, restored), or has not come as far as this process knows it to have been (a disk
 * that was put back to a snapshot). Cursors of the old one then begin anew, because nobody knows which of its commits were lost with it.
 */
export async function settleHistory(
  connection: Connection,
  own: OwnTables,
  { newId, starting, known }: { newId: () => string; starting: boolean; known: Place | null },
): Promise<{ readonly epoch: string; readonly isNew: boolean }> {
  await connection.run('begin');
  try {
    await connection.rows('select pg_advisory_xact_lock($1)', [LOCK]);
    const [last] = await connection.rows<{ incarnation: string }>(`select incarnation from ${own.epoch} order by number desc limit 1`);
    const isOther = last !== undefined && (last.incarnation !== connection.incarnation || (await wentBack(connection, own, known)));
    if (isOther) {
      await connection.run(`delete from ${own.epoch}`);
      // Transaction ids of another system mean nothing here, and some may lie in this one's future.
      await connection.run(
        `update ${own.change} set xid = '1' where exists (select 1 from ${own.change} where xid >= pg_snapshot_xmax(pg_current_snapshot()));
         delete from ${own.past};
         update ${own.meta} set value = '0.0' where key = 'horizon'`,
      );
      await connection.rows(`update ${own.meta} set value = $1 where key = 'epoch'`, [newId()]);
    }
    if (starting || isOther || last === undefined) {
      await connection.rows(
        `insert into ${own.epoch} (name, xid, start, incarnation) values ($1, pg_current_xact_id(), nextval('${own.number}'), $2)`,
        [newId(), connection.incarnation],
      );
      await connection.rows(`delete from ${own.epoch} where number <= (select max(number) from ${own.epoch}) - $1`, [KEPT_EPOCHS]);
    }
    const [row] = await connection.rows<{ value: string }>(`select value from ${own.meta} where key = 'epoch'`);
    await connection.run('commit');
    return { epoch: row?.value ?? '', isNew: isOther };
  } catch (error) {
    if (!connection.lost) await connection.run('rollback');
    throw error;
  }
}

async function wentBack(connection: Connection, own: OwnTables, known: Place | null): Promise<boolean> {
  if (known === null) return false;
  const [row] = await connection.rows<{ back: boolean }>(
    `select last_value < $1 or $2::text::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) as back from ${own.number}`,
    [known.number, known.xid],
  );
  return row?.back === true;
}

/** Whether nothing that still runs can come before this transaction. */
export async function isSettled(connection: Connection, xid: string): Promise<boolean> {
  const [answer] = await connection.rows<{ settled: boolean }>(`select $1::text::xid8 < ${BOUND} as settled`, [xid], true);
  return answer?.settled === true;
}
