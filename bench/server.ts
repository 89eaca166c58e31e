import { startPostgres } from '../test/harness/postgres.ts';
import { type Bench, type BenchOptions, machine, median, type Row, round } from './report.ts';
import { type Contestant, type Durability, type Kind, withContestants } from './server/load.ts';

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

interface Engine {
  readonly name: string;
  /** What the metrics call the two: what is acknowledged survives the process always, and a power cut under `full`. */
  readonly says: Readonly<Record<Durability, string>>;
  /** Of the mutations asked for. */
  readonly share: number;
  /** The goals were set for SQLite, where ours and bare Yoga's commit are what each costs; elsewhere figures are for the record. */
  readonly hasGoals: boolean;
  start(kind: Kind, durability: Durability): Promise<Contestant>;
}

/** A versioned mutation, exactly once and in the change log, beside bare Yoga with the same plain UPDATE. */
export const server: Bench = {
  name: 'server',
  says: 'versioned exactly-once mutations beside bare Yoga with the same UPDATE, on SQLite and on PostgreSQL (a server of its own, or DATABASE_URL)',
  missing: () => [],
  run: (options) =>
    withContestants(async (start) => {
      const sqlite: Engine = {
        name: '',
        says: { normal: 'synchronous=normal', full: 'synchronous=full' },
        share: 1,
        hasGoals: true,
        start: (kind, durability) => start(kind, durability),
      };
      const rows = [...(await compare(sqlite, options))];
      const own = process.env.DATABASE_URL === undefined ? await startPostgres({ waitsForDisk: true }) : null;
      const url = own?.url ?? process.env.DATABASE_URL ?? '';
      const postgres: Engine = {
        name: 'PostgreSQL, ',
        says: { normal: 'synchronous_commit=off', full: 'synchronous_commit=on' },
        share: 0.25,
        hasGoals: false,
        start: (kind, durability) => start(kind, durability, url),
      };
      try {
        rows.push(...(await compare(postgres, options)));
      } finally {
        await own?.stop();
      }
      return { name: 'server', machine: machine(), rows };
    }),
};

async function compare(engine: Engine, { count: asked = 20_000, rounds = 5, alone, say }: BenchOptions): Promise<readonly Row[]> {
  const count = Math.ceil(asked * engine.share);
  const rows: Row[] = [];
  let singles = Number.NaN;
  for (const durability of ['normal', 'full'] as const) {
    const says = `${engine.name}${engine.says[durability]}`;
    const ours = await engine.start('farside', durability);
    const bare = alone ? null : await engine.start('bare', durability);
    for (const contestant of [ours, bare]) {
      await contestant?.measure({ count, connections: 8, fields: 1 });
      await contestant?.measure({ count, connections: 4, fields: Math.min(count, 100) });
    }
    for (const { connections, fields, share, ...goal } of CASES.filter((each) => each.durability === durability)) {
      const least = engine.hasGoals ? goal.least : null;
      const load = { count: Math.max(fields, Math.round(count * share)), connections, fields };
      const measured = { ours: [] as number[], bare: [] as number[] };
      for (let turn = 0; turn < rounds; turn++) {
        measured.ours.push(await ours.measure(load));
        if (bare !== null) measured.bare.push(await bare.measure(load));
        say(
          `  ${says}, ${connections} × ${fields}: farside ${round(measured.ours.at(-1) ?? 0)}/s, bare ${round(measured.bare.at(-1) ?? 0)}/s`,
        );
      }
      const rate = median(measured.ours);
      const ratio = bare === null ? null : round(rate / median(measured.bare));
      if (durability === 'normal' && connections === 8) singles = rate;
      rows.push({
        metric: `mutations, ${says}, ${connections} connections, ${fields} in a document`,
        unit: '/s',
        ours: round(rate),
        peers: bare === null ? {} : { bareYoga: round(median(measured.bare)) },
        ratio,
        goal: least === null ? null : `≥ ${least} × bare Yoga`,
        holds: least === null || ratio === null || asked < FULL_COUNT ? null : ratio >= least,
      });
      if (durability === 'normal' && fields === 100) {
        const gain = round(rate / singles);
        rows.push({
          metric: `mutations in documents of 100 beside single ones, ${says}`,
          unit: '/s',
          ours: round(rate),
          peers: { single: round(singles) },
          ratio: gain,
          goal: engine.hasGoals ? '≥ 3 × single ones' : null,
          holds: asked < FULL_COUNT || !engine.hasGoals ? null : gain >= 3,
        });
      }
    }
    for (const contestant of [ours, bare]) contestant?.close();
  }
  return rows;
}
