import type { Store } from 'farside/server';
import { FINDINGS, INSPECTIONS, SITES } from './seed-data.ts';

const DAY_MS = 86_400_000;

/** Gives a new database something to look at. One that ever held anything is left alone, also when all of it was deleted. */
export async function seedIfEmpty(store: Store, now: Date = new Date()): Promise<void> {
  const dueOn = (inDays: number): string => `${new Date(now.getTime() + inDays * DAY_MS).toISOString().slice(0, 10)}T00:00:00.000Z`;
  await store.write(async (transaction) => {
    const { rows } = await transaction.changes({ after: null, types: null, limit: 1 });
    if (rows.length > 0) return;
    const put = async (typename: string, fields: { readonly id: string; readonly [field: string]: unknown }): Promise<void> => {
      // Of two servers that start at once, one makes each row.
      if ((await transaction.get(typename, fields.id)) !== null) return;
      await transaction.put(typename, {
        row: { __typename: typename, _version: 1, _lastChangedAt: now.toISOString(), _deleted: false, ...fields },
        fieldVersions: { '*': 1 },
      });
    };
    for (const site of SITES) await put('Site', site);
    for (const { dueInDays, ...inspection } of INSPECTIONS) await put('Inspection', { ...inspection, dueOn: dueOn(dueInDays) });
    for (const finding of FINDINGS) await put('Finding', finding);
  });
}
