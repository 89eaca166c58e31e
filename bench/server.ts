import { type Bench, type BenchOptions, machine, median, type Report, type Row, round } from './report.ts';
import { type Durability, type Start, withContestants } from './server/load.ts';

interface Case {
  readonly durability: Durability;
  readonly connections: number;
  readonly fields: number;
  /** At least so many times as fast as bare Yoga; `null`: for the record. */
  readonly least: number | null;
  /** Of the mutations asked for: where each takes long, fewer tell as much. */
  readonly share: number;
}

const CASES: readonly Case[] = [
  { durability: 'normal', connections: 8, fields: 1, least: 1, share: 1 },
  { durability: 'full', connections: 8, fields: 1, least: 1.9, share: 0.5 },
  { durability: 'normal', connections: 1, fields: 1, least: 0.85, share: 0.5 },
  { durability: 'full', connections: 1, fields: 1, least: null, share: 0.25 },
  { durability: 'normal', connections: 4, fields: 100, least: 0.9, share: 2 },
  { durability: 'full', connections: 4, fields: 100, least: 4, share: 1 },
];
/** A goal counts from so many mutations on: before, one measures how code gets warm. */
const FULL_COUNT = 10_000;

/** A versioned mutation, exactly once and in the change log, beside bare Yoga with the same plain UPDATE. */
export const server: Bench = {
  name: 'server',
  says: 'versioned exactly-once mutations on SQLite beside bare Yoga with the same UPDATE: durability, connections, 100 in a document',
  missing: () => [],
  run: (options) => withContestants((start) => compare(options, start)),
};

async function compare({ count = 20_000, rounds = 5, alone, say }: BenchOptions, start: Start): Promise<Report> {
  const rows: Row[] = [];
  let singles = Number.NaN;
  for (const durability of ['normal', 'full'] as const) {
    const ours = await start('farside', durability);
    const bare = alone ? null : await start('bare', durability);
    for (const contestant of [ours, bare]) {
      await contestant?.measure({ count, connections: 8, fields: 1 });
      await contestant?.measure({ count, connections: 4, fields: Math.min(count, 100) });
    }
    for (const { connections, fields, least, share } of CASES.filter((each) => each.durability === durability)) {
      const load = { count: Math.max(fields, Math.round(count * share)), connections, fields };
      const measured = { ours: [] as number[], bare: [] as number[] };
      for (let turn = 0; turn < rounds; turn++) {
        measured.ours.push(await ours.measure(load));
        if (bare !== null) measured.bare.push(await bare.measure(load));
        say(
          `  ${durability}, ${connections} × ${fields}: farside ${round(measured.ours.at(-1) ?? 0)}/s, bare ${round(measured.bare.at(-1) ?? 0)}/s`,
        );
      }
      const rate = median(measured.ours);
      const ratio = bare === null ? null : round(rate / median(measured.bare));
      if (durability === 'normal' && connections === 8) singles = rate;
      rows.push({
        metric: `mutations, synchronous=${durability}, ${connections} connections, ${fields} in a document`,
        unit: '/s',
        ours: round(rate),
        peers: bare === null ? {} : { bareYoga: round(median(measured.bare)) },
        ratio,
        goal: least === null ? null : `≥ ${least} × bare Yoga`,
        holds: least === null || ratio === null || count < FULL_COUNT ? null : ratio >= least,
      });
      if (durability === 'normal' && fields === 100) {
        const gain = round(rate / singles);
        rows.push({
          metric: 'mutations in documents of 100 beside single ones, synchronous=normal',
          unit: '/s',
          ours: round(rate),
          peers: { single: round(singles) },
          ratio: gain,
          goal: '≥ 3 × single ones',
          holds: count < FULL_COUNT ? null : gain >= 3,
        });
      }
    }
  }
  return { name: 'server', machine: machine(), rows };
}
