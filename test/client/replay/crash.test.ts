import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import {
  createFaultyStorage,
  createSeededRandom,
  createSimulatedClock,
  type FaultyStorage,
  type SimulatedClock,
} from '../../harness/index.ts';
import { createReplay, type Replay } from './replay-world.ts';
import { createServerModel, type ServerModel } from './server-model.ts';

/** What a person did, and whether they were told that it is safe. */
interface Deed {
  readonly token: string;
  isSafe: boolean;
}

const TITLES = ['B', 'C', 'D'];

const valuesOf = (server: ServerModel, id: string): Readonly<Record<string, unknown>> => server.row(id)?.values ?? {};

/** Edits of one entity, a create with an edit behind it, a delete, and custom mutations that each leave a token. */
function act(replay: Replay, deeds: Deed[]): Promise<unknown>[] {
  const deed = (token: string, done: Promise<unknown>): Promise<unknown> => {
    const one: Deed = { token, isSafe: false };
    deeds.push(one);
    return done.then(() => (one.isSafe = true));
  };
  return [
    deed('token:1', replay.mutate('addToken', { token: 'token:1' })),
    ...TITLES.map((title, index) =>
      deed(`title:${title}`, replay.mutate('updateInspection', { id: 'i', title, visits: index + 1, tags: TITLES.slice(0, index + 1) })),
    ),
    deed('create', replay.mutate('createInspection', { id: 'n', title: 'new', visits: 0, tags: [] })),
    deed('edit', replay.mutate('updateInspection', { id: 'n', visits: 5 })),
    deed('doomed', replay.mutate('deleteInspection', { id: 'd' })),
    deed('token:2', replay.mutate('addToken', { token: 'token:2' }, { orderingKey: 'tokens' })),
  ];
}

function world() {
  const clock = createSimulatedClock();
  const server = createServerModel();
  server.put('i', { title: 'A', notes: 'n', visits: 0, tags: [] });
  server.put('d', { title: 'doomed' });
  return { clock, server };
}

function show(replay: Replay): void {
  for (const [id, values] of [
    ['i', { title: 'A', notes: 'n', visits: 0, tags: [] }],
    ['d', { title: 'doomed' }],
  ] as const)
    if (!replay.screen.rows.has(id)) replay.screen.refresh('Inspection', { id, _version: 1, ...values });
}

/** What must hold when everything has come to rest, whatever happened on the way. */
function judge({
  server,
  replay,
  deeds,
  disk,
}: {
  server: ServerModel;
  replay: Replay;
  deeds: readonly Deed[];
  disk: FaultyStorage;
}): void {
  expect(replay.outbox.records().map(({ state, field }) => [state, field])).toEqual([]);
  expect(server.late).toEqual([]);
  const keys = server.effects.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const tokens = server.effects.filter(({ field }) => field === 'addToken').map(({ input }) => input.token);
  expect(new Set(tokens).size).toBe(tokens.length);

  const done = (token: string): boolean => deeds.some((deed) => deed.token === token && deed.isSafe);
  for (const token of ['token:1', 'token:2']) if (done(token)) expect(tokens).toContain(token);
  // Offline edits are sent in order: the last that was safe stands, unless a later one got through unheard.
  const lastSafe = TITLES.filter((title) => done(`title:${title}`)).length;
  const row = server.row('i');
  const stands = row?.values.title === 'A' ? 0 : TITLES.indexOf(row?.values.title as string) + 1;
  expect(stands).toBeGreaterThanOrEqual(lastSafe);
  expect(row?.values).toMatchObject({ visits: stands, tags: TITLES.slice(0, stands) });
  if (done('create')) expect(server.row('n')?.values.title).toBe('new');
  if (done('edit') && done('create')) expect(server.row('n')?.values.visits).toBe(5);
  if (done('doomed')) expect(server.row('d')?.deleted).toBe(true);

  // What the screen and its disk hold is what the server has.
  for (const id of ['i', 'n', 'd']) {
    const there = server.row(id);
    if (there && replay.screen.rows.get(id)?._version === there.version) expect(replay.screen.rows.get(id)).toMatchObject(there.values);
  }
  for (const effect of server.effects) {
    const id = effect.input.id as string | undefined;
    if (id) expect(replay.screen.rows.get(id)?._version).toBe(server.row(id)?.version);
  }
  expect(disk.isCrashed).toBe(false);
}

/** The journal must hold what was removed from the outbox: nothing that was seen is gone after a restart. */
async function expectNothingForgotten(disk: FaultyStorage, server: ServerModel): Promise<void> {
  const cached = new Map(((await disk.get('cache')) as [string, { _version: number }][] | null) ?? []);
  const kept = (await disk.entries('outbox/record/')).map(([, value]) => value as MutationRecord);
  for (const { field, input } of server.effects) {
    const id = input.id as string | undefined;
    if (field === 'addToken' || !id) continue;
    const version = server.row(id)?.version as number;
    expect((cached.get(id)?._version ?? 0) === version || kept.some((record) => record.entityId === id)).toBe(true);
  }
}

async function settled(clock: SimulatedClock): Promise<void> {
  await clock.runAll();
}

async function runWithCrash(crash: { readonly step: number; readonly when: 'before' | 'after' } | null, second: typeof crash = null) {
  const { clock, server } = world();
  const deeds: Deed[] = [];
  let disk = createFaultyStorage();
  if (crash) disk.crashAt(crash.step, crash.when);
  let replay = createReplay(disk, server, clock);
  show(replay);
  replay.isReady = false;
  const starting = replay.start();
  await clock.settle();
  if (!disk.isCrashed) await starting;
  for (const done of act(replay, deeds)) done.catch(() => undefined);
  await clock.settle();
  replay.isReady = true;
  replay.drain.wake();
  await settled(clock);
  const steps = disk.log.length;
  let crashes = 0;
  for (const planned of [second, null]) {
    if (!disk.isCrashed) break;
    crashes += 1;
    disk = disk.reload();
    await expectNothingForgotten(disk, server);
    if (planned) disk.crashAt(planned.step, planned.when);
    replay = createReplay(disk, server, clock);
    show(replay);
    void replay.start();
    await settled(clock);
  }
  if (crashes === 0) await expectNothingForgotten(disk, server);
  return { server, replay, deeds, disk, steps, crashes };
}

describe('a crash at any write to the disk loses nothing and repeats nothing', async () => {
  const whole = await runWithCrash(null);

  it('without a crash everything arrives, and the outbox is empty', () => {
    judge(whole);
    expect(whole.deeds.every(({ isSafe }) => isSafe)).toBe(true);
    expect(whole.steps).toBeGreaterThan(20);
  });

  it.each(['before', 'after'] as const)('at every step, %s it takes effect', async (when) => {
    for (let step = 1; step <= whole.steps; step += 1) {
      const run = await runWithCrash({ step, when });
      expect(run.crashes, `step ${step}`).toBe(1);
      judge(run);
    }
  });

  it('twice: also while recovering from the first', async () => {
    for (let step = 12; step <= whole.steps; step += 5)
      for (let again = 1; again <= 12; again += 1)
        judge(await runWithCrash({ step, when: 'after' }, { step: again, when: again % 2 === 0 ? 'before' : 'after' }));
  });
});

describe('whatever the network does', () => {
  it('every write has its one effect, and what others write is never overwritten unseen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = createSeededRandom(seed);
        const { clock, server } = world();
        const disk = createFaultyStorage();
        const replay = createReplay(disk, server, clock, { retry: { timeoutMs: 5_000 } });
        show(replay);
        await replay.start();
        let faulty = true;
        replay.wire = async (_request, answer) => {
          const fault = faulty ? random.integer(8) : 9;
          const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.after(ms, resolve));
          await wait(random.integer(50));
          if (fault === 0) return { kind: 'unreachable', message: 'request lost' };
          if (fault === 1) return answer() && { kind: 'unreachable', message: 'answer lost' };
          if (fault === 2) return { kind: 'status', status: random.pick([429, 500, 503]), retryAfter: random.pick([null, '2']) };
          if (fault === 3) return answer() && { kind: 'unreadable', message: 'half of it' };
          if (fault === 4) return answer() && answer();
          if (fault === 5) {
            await wait(7_000);
            return answer();
          }
          return answer();
        };
        let counted = 0;
        const added: string[] = [];
        const theirs: string[] = [];
        for (let n = 0; n < 25; n += 1) {
          const seen = replay.screen.read('Inspection', 'i') as { visits: number; tags: string[]; _version: number };
          const kind = random.integer(6);
          if (kind < 3) {
            counted += 1;
            added.push(`t${n}`);
            await replay.mutate('updateInspection', { id: 'i', visits: seen.visits + 1, tags: [...seen.tags, `t${n}`] });
          } else if (kind === 3) await replay.mutate('addToken', { token: `token:${n}` });
          else if (kind === 4) {
            const { visits, tags } = valuesOf(server, 'i') as { visits: number; tags: string[] };
            theirs.push(`s${n}`);
            server.edit('i', { notes: `s${n}`, visits: visits + 100, tags: [...tags, `s${n}`] });
          } else await clock.advance(random.integer(3_000));
        }
        faulty = false;
        await clock.runAll();
        expect(replay.outbox.records()).toEqual([]);
        const { visits, tags, notes } = valuesOf(server, 'i') as { visits: number; tags: string[]; notes: string };
        expect(visits).toBe(counted + 100 * theirs.length);
        expect([...tags].sort()).toEqual([...added, ...theirs].sort());
        expect(notes).toBe(theirs.at(-1) ?? 'n');
        const keys = server.effects.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        // A delivery that was under way for too long finds its id settled; no record may ever hear that.
        expect(replay.events).toEqual([]);
        // The server keeps no more answers than it was not told about yet: the last of each lane under way.
        expect(server.kept).toBeLessThanOrEqual(4);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});
