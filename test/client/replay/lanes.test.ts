import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../../client/outbox/lane-keys.ts';
import type { OutboxChange } from '../../../client/outbox/outbox.ts';
import type { MutationKind, MutationRecord, Priority, RecordState } from '../../../client/outbox/record.ts';
import { MAX_WAIT_MS } from '../../../client/replay/backoff.ts';
import { createLanes, dependentsOf, type Plan, planLanes } from '../../../client/replay/lanes.ts';
import { createDesk } from '../outbox/records.ts';

const template = createDesk().draft('updateSite', { id: 's' });

interface Shape {
  readonly writes?: readonly string[];
  readonly reads?: readonly string[];
  readonly state?: RecordState;
  readonly kind?: MutationKind;
  readonly priority?: Priority;
  readonly nextAttemptAt?: number | null;
}

function queue(...shapes: readonly Shape[]): readonly MutationRecord[] {
  return shapes.map(({ writes = [], reads = [], ...rest }, index) => ({
    ...template,
    id: `r${index}`,
    sequence: index,
    ...entityOf(writes),
    writes: [`record:r${index}`, ...writes],
    reads,
    ...rest,
  }));
}

/** The first that a record writes is what it is about. */
function entityOf(writes: readonly string[]): Pick<MutationRecord, 'typename' | 'entityId'> {
  const [typename = null, entityId = null] = writes.find((key) => /^[A-Z]:/.test(key))?.split(':') ?? [];
  return { typename, entityId };
}
const ready = (records: readonly MutationRecord[], now = 0): readonly string[] => [...planLanes(records, now).ready].map(({ id }) => id);

describe('the order of what depends on one another', () => {
  it('an edit waits for its create, a child for its parent, a delete of the parent for the child', () => {
    const records = queue(
      { writes: ['Site:1'] },
      { writes: ['Inspection:1'], reads: ['Site:1'] },
      { writes: ['Inspection:1'] },
      { writes: ['Site:1'] },
    );
    expect(ready(records)).toEqual(['r0']);
    expect(Object.fromEntries(planLanes(records, 0).waiting)).toEqual({
      r1: new Set(['r0']),
      r2: new Set(['r1']),
      r3: new Set(['r0', 'r1']),
    });
  });

  it('two that only need the same entity do not wait for each other', () => {
    expect(ready(queue({ writes: ['A:1'], reads: ['Site:1'] }, { writes: ['A:2'], reads: ['Site:1'] }))).toEqual(['r0', 'r1']);
  });

  it('one being sent holds back its lane, one acknowledged does not', () => {
    expect(ready(queue({ writes: ['A:1'], state: 'sending' }, { writes: ['A:1'] }))).toEqual([]);
    expect(ready(queue({ writes: ['A:1'], state: 'acknowledged' }, { writes: ['A:1'] }))).toEqual(['r1']);
  });

  it('one that backs off is not overtaken by a later one of its lane, and others go on', () => {
    const records = queue({ writes: ['A:1'], nextAttemptAt: 50 }, { writes: ['A:1'] }, { writes: ['A:2'] });
    expect(ready(records, 10)).toEqual(['r2']);
    expect(planLanes(records, 10).nextAt).toBe(50);
    expect(ready(records, 50)).toEqual(['r0', 'r2']);
  });

  it('a clock that was put back by years stops nothing: no wait is longer than the longest', () => {
    const records = queue({ nextAttemptAt: MAX_WAIT_MS + 1 }, { nextAttemptAt: MAX_WAIT_MS });
    expect(ready(records, 0)).toEqual(['r0']);
  });

  it('priority decides among lanes, never within one, and age within a priority', () => {
    const records = queue(
      { writes: ['A:1'], priority: 'low' },
      { writes: ['A:1'], priority: 'high' },
      { writes: ['A:2'] },
      { writes: ['A:3'], priority: 'high' },
      { writes: ['A:4'] },
    );
    expect(ready(records)).toEqual(['r3', 'r2', 'r4', 'r0']);
  });
});

describe('what people look at', () => {
  const looked = (seen: readonly string[], records: readonly MutationRecord[]): readonly string[] =>
    [...planLanes(records, 0, new Set(seen)).ready].map(({ id }) => id);

  it('goes first within a priority, and by age among itself', () => {
    const records = queue(
      { writes: ['A:1'] },
      { writes: ['A:2'] },
      { writes: ['A:3'], priority: 'high' },
      { writes: ['A:4'] },
      { writes: ['A:5'], priority: 'low' },
      { writes: ['A:6'], priority: 'low' },
    );
    expect(looked(['A:4', 'A:2', 'A:6'], records)).toEqual(['r2', 'r1', 'r3', 'r0', 'r5', 'r4']);
  });

  it('never decides within a lane, and what is only needed is not what changes', () => {
    const records = queue({ writes: ['A:1'] }, { writes: ['A:1', 'A:2'] }, { writes: ['A:3'] }, { writes: ['A:4'], reads: ['A:2'] });
    expect(looked(['A:2'], records)).toEqual(['r0', 'r2']);
  });

  it('is asked for only when there is something to choose', () => {
    const [first, second] = queue({ writes: ['A:1'] }, { writes: ['A:2'] }) as [MutationRecord, MutationRecord];
    let asked = 0;
    const seen = () => new Set([`A:${asked++}`]);
    createLanes({ records: () => [first], subscribe: () => () => undefined }).plan(0, seen);
    expect(asked).toBe(0);
    createLanes({ records: () => [first, second], subscribe: () => () => undefined }).plan(0, seen);
    expect(asked).toBe(1);
  });
});

describe('one poisoned record delays only what depends on it', () => {
  it('a parked conflict holds back its entity, and nobody else', () => {
    const records = queue({ writes: ['A:1'], state: 'conflict' }, { writes: ['A:1'] }, { writes: ['A:2'] });
    expect(ready(records)).toEqual(['r2']);
  });

  it('a refused create holds back what needs the entity; a refused edit holds back nothing', () => {
    expect(
      ready(queue({ writes: ['A:1'], state: 'dead', kind: 'create' }, { writes: ['A:1'] }, { reads: ['A:1'] }, { writes: ['A:2'] })),
    ).toEqual(['r3']);
    expect(ready(queue({ writes: ['A:1'], state: 'dead', kind: 'update' }, { writes: ['A:1'] }, { writes: ['A:2'] }))).toEqual([
      'r1',
      'r2',
    ]);
  });

  it.each(['dead', 'conflict'] as const)('a %s record of unknown entities does not hold back everything for days', (state) => {
    const records = queue({ writes: [EVERYTHING], state }, { writes: ['A:1'] }, { writes: [EVERYTHING] });
    expect(ready(records)).toEqual(['r1']);
  });

  it('a record of unknown entities does not wait for what waits for a person', () => {
    const records = queue({ writes: ['A:1'], state: 'conflict' }, { writes: ['A:1'] }, { writes: [EVERYTHING] }, { writes: ['A:2'] });
    expect(ready(records)).toEqual(['r2']);
    expect(planLanes(records, 0).waiting.get('r3')).toEqual(new Set(['r2']));
  });

  it('what takes an id waits for the entity of that id, of whatever type, and is waited for by it; types do not wait for each other', () => {
    expect(ready(queue({ writes: ['A:1'], state: 'conflict' }, { writes: ['B:1'] }, { reads: ['id:1'] }, { reads: ['id:2'] }))).toEqual([
      'r1',
      'r3',
    ]);
    const later = queue({ writes: ['A:2'], state: 'conflict' }, { reads: ['id:1', 'A:2'] }, { writes: ['B:1'] }, { writes: ['B:3'] });
    expect(ready(later)).toEqual(['r3']);
  });

  it('the same ordering key stays in order behind a dead letter', () => {
    expect(ready(queue({ writes: ['key:a'], state: 'dead' }, { writes: ['key:a'] }, { writes: ['key:b'] }))).toEqual(['r2']);
  });
});

const KEYS = ['A:1', 'A:2', 'B:1', 'key:x'];
const shapes = fc.array(
  fc.record({
    kind: fc.constantFrom('create' as const, 'update' as const),
    writes: fc.oneof(
      { weight: 5, arbitrary: fc.subarray(KEYS, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constant([EVERYTHING]) },
    ),
    reads: fc.subarray([...KEYS, 'id:1', 'id:2'], { maxLength: 2 }),
    state: fc.constantFrom<RecordState>('queued', 'queued', 'queued', 'queued', 'queued', 'sending', 'conflict', 'dead', 'acknowledged'),
  }),
  { maxLength: 14 },
);

const shares = (a: readonly string[], b: readonly string[]): boolean => a.some((key) => key !== EVERYTHING && b.includes(key));
const conflicts = (earlier: MutationRecord, later: MutationRecord): boolean => {
  const isRefusedEdit = earlier.state === 'dead' && earlier.kind !== 'create';
  const writes = isRefusedEdit ? earlier.writes.filter((key) => key.startsWith('key:')) : earlier.writes;
  const [was, is] = [isRefusedEdit ? null : earlier.entityId, later.entityId];
  const taken = was !== null && later.reads.includes(`id:${was}`);
  const took = earlier.state !== 'dead' && (shares(earlier.reads, later.writes) || (is !== null && earlier.reads.includes(`id:${is}`)));
  return shares(writes, later.writes) || shares(writes, later.reads) || taken || took;
};
const touchesAll = (record: MutationRecord): boolean => record.writes.includes(EVERYTHING);

/** The rule, said again in the plainest way: whoever waits for nobody may go. */
function mayGo(records: readonly MutationRecord[]): readonly string[] {
  const stuck = new Set<string>();
  const free: string[] = [];
  const unsettled = records.filter(({ state }) => state !== 'acknowledged');
  for (const [index, record] of unsettled.entries()) {
    const blockers = unsettled
      .slice(0, index)
      .filter((earlier) => conflicts(earlier, record) || ((touchesAll(earlier) || touchesAll(record)) && !stuck.has(earlier.id)));
    if (record.state === 'dead' || record.state === 'conflict' || blockers.some(({ id }) => stuck.has(id))) stuck.add(record.id);
    else if (blockers.length === 0 && record.state === 'queued') free.push(record.id);
  }
  return free;
}

describe('whatever the queue', () => {
  it('a record is ready exactly when nothing before it that it conflicts with is unsettled', () => {
    fc.assert(
      fc.property(shapes, (made) => {
        const records = queue(...made);
        expect([...ready(records)].sort()).toEqual([...mayGo(records)].sort());
      }),
      { numRuns: 1_000 },
    );
  });

  it('whatever order answers come in, conflicting records are sent in the order made, and all that wait for no person are sent', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat()), (made, chance) => {
        let records = queue(...made.map((shape) => (shape.state === 'sending' ? { ...shape, state: 'queued' as const } : shape)));
        const set = (id: string, state: RecordState): void => {
          records = records.map((record) => (record.id === id ? { ...record, state } : record));
        };
        const sent: MutationRecord[] = [];
        for (;;) {
          const next = [...planLanes(records, 0).ready];
          const underWay = records.filter(({ state }) => state === 'sending');
          if (next.length + underWay.length === 0) break;
          const roll = chance.next().value as number;
          if (next.length > 0 && (underWay.length === 0 || roll % 2 === 0)) {
            const record = next[(roll >> 1) % next.length] as MutationRecord;
            for (const other of underWay) expect(conflicts(other, record) || touchesAll(other) || touchesAll(record)).toBe(false);
            for (const before of sent) if (conflicts(before, record)) expect(before.sequence).toBeLessThan(record.sequence);
            sent.push(record);
            set(record.id, 'sending');
          } else set((underWay[(roll >> 1) % underWay.length] as MutationRecord).id, 'acknowledged');
        }
        const held = (record: MutationRecord): boolean =>
          record.state === 'dead' ||
          record.state === 'conflict' ||
          records.some(
            (earlier) =>
              earlier.sequence < record.sequence && earlier.state !== 'acknowledged' && conflicts(earlier, record) && held(earlier),
          );
        for (const record of records) if (record.state === 'queued') expect(held(record)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('a plan that is kept up to date says what a new one would, whatever happens to the records', () => {
    const change = fc.record({
      at: fc.nat(),
      to: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<RecordState | 'gone'>('sending', 'acknowledged', 'gone') },
        { weight: 1, arbitrary: fc.constantFrom<RecordState | 'gone'>('queued', 'conflict', 'dead') },
      ),
      isFree: fc.boolean(),
      delay: fc.constantFrom(null, null, 50),
      deadline: fc.constantFrom(null, null, 40, 90),
      reads: fc.option(fc.subarray([...KEYS, 'id:1', 'id:2'], { maxLength: 2 })),
      looks: fc.option(fc.subarray(KEYS)),
    });
    fc.assert(
      fc.property(shapes, fc.array(change, { maxLength: 20 }), fc.nat(), (made, changes, late) => {
        const all = queue(...made);
        // The last ones come while others go; one of them late, from another tab.
        const [there, coming] = [all.slice(0, 5), all.slice(5)];
        if (late % 3 === 0) coming.reverse();
        let records = there;
        let tell: (change: OutboxChange) => void = () => undefined;
        const lanes = createLanes({
          records: () => records,
          subscribe(listener) {
            tell = listener;
            return () => undefined;
          },
        });
        const set = (id: string, after: MutationRecord | null): void => {
          const before = records.find((record) => record.id === id) ?? null;
          records = [...records.filter((record) => record.id !== id), ...(after ? [after] : [])].sort((a, b) => a.sequence - b.sequence);
          tell({ id, before, after });
        };
        const facts = ({ ready, expired, waiting, nextAt, expiresAt }: Plan) => ({
          ready: [...ready].map(({ id, state }) => [id, state]),
          expired: new Set(expired.map(({ id }) => id)),
          waiting: new Map([...waiting]),
          nextAt,
          expiresAt,
        });
        let seen: ReadonlySet<string> = new Set();
        const judge = (): void => {
          for (const now of [0, 60]) expect(facts(lanes.plan(now, () => seen))).toEqual(facts(planLanes(records, now, seen)));
        };
        judge();
        for (const { at, to, isFree, delay, deadline, reads, looks } of changes) {
          if (looks) seen = new Set(looks);
          const next = coming.shift();
          if (next) set(next.id, { ...next, expiresAt: deadline });
          const free = [...planLanes(records, 0).ready];
          const from = isFree && free.length > 0 ? free : records;
          const record = from[at % Math.max(1, from.length)];
          if (!record) continue;
          const after = {
            ...record,
            state: to === 'gone' ? record.state : to,
            nextAttemptAt: delay,
            ...(reads && at % 5 === 0 ? { reads } : {}),
          };
          set(record.id, to === 'gone' ? null : after);
          judge();
        }
      }),
      { numRuns: 500 },
    );
  });

  it('who waits is told for whom, and only those before it', () => {
    fc.assert(
      fc.property(shapes, (made) => {
        const records = queue(...made);
        const { ready: free, waiting } = planLanes(records, 0);
        for (const record of free) expect(waiting.has(record.id)).toBe(false);
        for (const [id, blockers] of waiting)
          for (const blocker of blockers) expect(Number(blocker.slice(1))).toBeLessThan(Number(id.slice(1)));
      }),
    );
  });
});

describe('what goes with a record that is discarded', () => {
  const ids = (records: readonly MutationRecord[], id: string): readonly string[] => dependentsOf(records, id).map((record) => record.id);

  it('a create takes what needs or changes its entity with it, transitively; nothing else', () => {
    const records = queue(
      { writes: ['Site:1'], kind: 'create' },
      { writes: ['Inspection:1'], reads: ['Site:1'], kind: 'create' },
      { writes: ['Finding:1'], reads: ['Inspection:1'], kind: 'create' },
      { writes: ['Finding:1'], kind: 'update' },
      { writes: ['Inspection:2'], reads: ['Site:2'], kind: 'create' },
      { writes: ['Site:1'], kind: 'update', state: 'dead' },
      { writes: [EVERYTHING], kind: 'custom' },
    );
    expect(ids(records, 'r0')).toEqual(['r1', 'r2', 'r3', 'r5']);
    expect(ids(records, 'r1')).toEqual(['r2', 'r3']);
    expect(ids(records, 'r3')).toEqual([]);
    expect(ids(records, 'unknown')).toEqual([]);
  });

  it('an update leaves the entity behind: later edits of it stay', () => {
    expect(ids(queue({ writes: ['Site:1'], kind: 'update' }, { writes: ['Site:1'], kind: 'update' }), 'r0')).toEqual([]);
  });

  it('the rest of an operation goes with what it follows', () => {
    expect(
      ids(queue({ writes: ['A:1'] }, { writes: ['A:2'], reads: ['record:r0'] }, { writes: ['A:3'], reads: ['record:r1'] }), 'r0'),
    ).toEqual(['r1', 'r2']);
  });

  it('what came before stays: the delete before a create of the same id', () => {
    expect(
      ids(
        queue({ writes: ['Site:1'], kind: 'delete' }, { writes: ['Site:1'], kind: 'create' }, { writes: ['Site:1'], kind: 'update' }),
        'r1',
      ),
    ).toEqual(['r2']);
  });

  it('what is acknowledged already is not taken', () => {
    expect(ids(queue({ writes: ['Site:1'], kind: 'create' }, { writes: ['Site:1'], state: 'acknowledged' }), 'r0')).toEqual([]);
  });
});
