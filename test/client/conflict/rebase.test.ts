import { describe, expect, it } from 'vitest';
import { type ConflictInput, rebaseOnAcknowledged, rebaseOnConflict, rebaseWaiting } from '../../../client/conflict/rebase.ts';
import { resolveParked } from '../../../client/conflict/resolve.ts';
import { createRules } from '../../../client/conflict/strategies.ts';
import { text } from '../../../client/conflict/text.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import { identify, requeue } from '../../../client/outbox/requeue.ts';
import { MANUAL } from '../../../schema/merge.ts';
import { acknowledged, createDesk, createIdentity, type Desk, inputOf, manifest, ruleOf } from '../outbox/records.ts';

const INSPECTION = {
  id: 'i',
  _version: 1,
  title: 'A',
  notes: 'n',
  status: 'OPEN',
  severity: null,
  passed: null,
  tags: ['a'],
  visits: 5,
  siteId: 's',
};

function desk(): Desk {
  const made = createDesk();
  made.screen.set('Inspection:i', INSPECTION);
  return made;
}
const context = (options: { maxRounds?: number; rules?: Parameters<typeof createRules>[1] } = {}) => ({
  ruleOf: options.rules ? createRules(manifest, options.rules, () => undefined) : ruleOf,
  identity: createIdentity(),
  maxRounds: options.maxRounds ?? 5,
});
const update = (at: Desk, fields: Readonly<Record<string, unknown>>): MutationRecord =>
  at.draft('updateInspection', { id: 'i', ...fields });
const entity = (version: number, fields: Readonly<Record<string, unknown>> = {}) => ({ ...INSPECTION, _version: version, ...fields });
const mismatch = (remote: Readonly<Record<string, unknown>> | null, fields: readonly string[] = []): ConflictInput => ({
  code: 'VERSION_MISMATCH',
  message: 'changed',
  currentVersion: (remote?._version as number | undefined) ?? null,
  conflictingFields: fields,
  remote,
  onScreen: null,
});

describe('a conflict', () => {
  it('of different fields is merged and sent again against the new version, under a new mutation id', () => {
    const record = update(desk(), { title: 'B' });
    const next = rebaseOnConflict(record, mismatch(entity(4, { notes: 'theirs' })), context());
    expect(next).toMatchObject({ state: 'queued', clientId: 'rebaser', mutationId: 101, rounds: 1, attempts: 0, base: { title: 'A' } });
    expect(inputOf(next)).toEqual({ id: 'i', _version: 4, title: 'B' });
  });

  it('sends only what the editor changed: an unchanged stale field does not revert the other writer', () => {
    const next = rebaseOnConflict(update(desk(), { title: 'B', notes: 'n' }), mismatch(entity(4, { notes: 'theirs' })), context());
    expect(inputOf(next)).toEqual({ id: 'i', _version: 4, title: 'B', notes: 'theirs' });
  });

  it.each([
    ['false', 'passed', false],
    ['null', 'notes', null],
    ['an empty text', 'notes', ''],
    ['zero', 'visits', 0],
    ['an empty list', 'tags', []],
  ])('falsy values are values: %s survives the resend', (_name, field, value) => {
    const next = rebaseOnConflict(update(desk(), { [field]: value }), mismatch(entity(4, { title: 'theirs' })), context());
    expect(inputOf(next)).toEqual({ id: 'i', _version: 4, [field]: value });
  });

  it.each([
    ['true to false against null', { passed: true }, { passed: false }, { passed: null }],
    ['text to empty against other text', {}, { notes: '' }, { notes: 'theirs' }],
    ['text to null against other text', {}, { notes: null }, { notes: 'theirs' }],
  ])('falsy values are values: %s is a conflict, not an overwrite', (_name, before, local, remote) => {
    const at = desk();
    at.screen.set('Inspection:i', { ...INSPECTION, ...before });
    const next = rebaseOnConflict(update(at, local), mismatch(entity(4, remote)), context());
    expect(next).toMatchObject({ state: 'conflict', conflict: { conflictingFields: Object.keys(local), currentVersion: 4, remote } });
  });

  it('counters and sets take both sides without asking', () => {
    const next = rebaseOnConflict(
      update(desk(), { visits: 7, tags: ['a', 'mine'] }),
      mismatch(entity(4, { visits: 15, tags: ['theirs', 'a'] })),
      context(),
    );
    expect(inputOf(next)).toMatchObject({ visits: 17, tags: ['theirs', 'a', 'mine'] });
    expect(next.base).toEqual({ visits: 15, tags: ['theirs', 'a'] });
  });

  it.each([
    ['not told', { title: 'theirs' }],
    ['told as null', { title: 'theirs', severity: null }],
  ])('in what its reader may not see (%s) is parked: what merges beside it does not carry it over the other edit', (_name, told) => {
    const { severity: _, ...seen } = INSPECTION;
    const record = update(desk(), { severity: 'LOW', notes: 'mine' });
    const next = rebaseOnConflict(record, mismatch({ ...seen, _version: 4, ...told }, ['*']), context());
    expect(next).toMatchObject({ state: 'conflict', mutationId: record.mutationId, conflict: { conflictingFields: ['severity'] } });
    const resolved = resolveParked(next, { take: 'local' }, manifest, { ruleOf, identity: createIdentity() });
    expect(resolved && inputOf(resolved)).toEqual({ id: 'i', _version: 4, severity: 'LOW', notes: 'mine' });
    expect(resolveParked(next, { take: 'remote' }, manifest, { ruleOf, identity: createIdentity() })).toBeNull();
  });

  it('in what its reader may not see is parked even where nothing that is told differs', () => {
    const next = rebaseOnConflict(update(desk(), { notes: 'mine' }), mismatch(entity(4), ['*']), context());
    expect(next).toMatchObject({ state: 'conflict', conflict: { conflictingFields: [] } });
  });

  it('rounds without a person are bounded', () => {
    const bounded = context({ maxRounds: 2 });
    let record = update(desk(), { title: 'B' });
    for (const version of [4, 5]) record = rebaseOnConflict(record, mismatch(entity(version)), bounded);
    expect(record).toMatchObject({ state: 'queued', rounds: 2 });
    record = rebaseOnConflict(record, mismatch(entity(6), ['title']), bounded);
    expect(record).toMatchObject({ state: 'conflict', conflict: { conflictingFields: ['title'], currentVersion: 6 } });
  });

  it('of a delete and an edit is for a person to decide, both ways', () => {
    const at = desk();
    const gone = at.draft('deleteInspection', { id: 'i' });
    expect(rebaseOnConflict(gone, mismatch(entity(4, { title: 'theirs' }), ['title']), context())).toMatchObject({ state: 'conflict' });
    const edit = update(at, { title: 'B' });
    const deleted: ConflictInput = { ...mismatch(null), code: 'DELETED', currentVersion: 4 };
    expect(rebaseOnConflict(edit, deleted, context())).toMatchObject({ state: 'conflict', conflict: { code: 'DELETED', remote: null } });
  });

  it('of two creates of one id is for a person to decide', () => {
    const created = desk().draft('createInspection', { id: 'new', title: 'mine' });
    const next = rebaseOnConflict(
      created,
      { ...mismatch({ ...entity(1), id: 'new', title: 'theirs' }, ['title']), code: 'ALREADY_EXISTS' },
      context(),
    );
    expect(next).toMatchObject({ state: 'conflict', conflict: { code: 'ALREADY_EXISTS', conflictingFields: ['title'] } });
  });

  it("a rule of the application's own decides, and a rule that throws leaves it to a person", () => {
    const thrown: unknown[] = [];
    const joined = createRules(manifest, { Inspection: { title: (_base, local, remote) => `${local}+${remote}` } }, () => undefined);
    const broken = createRules(
      manifest,
      {
        Inspection: {
          '*': () => {
            throw new Error('no');
          },
        },
      },
      (event) => thrown.push(event),
    );
    const record = update(desk(), { title: 'B' });
    const conflict = mismatch(entity(4, { title: 'C' }));
    expect(inputOf(rebaseOnConflict(record, conflict, { ...context(), ruleOf: joined })).title).toBe('B+C');
    expect(rebaseOnConflict(record, conflict, { ...context(), ruleOf: broken }).state).toBe('conflict');
    expect(thrown).toEqual([{ code: 'STRATEGY_THREW', message: 'conflict rule of Inspection.title: Error: no', key: record.id }]);
    const asked = createRules(manifest, { Inspection: { title: () => MANUAL } }, () => undefined);
    expect(rebaseOnConflict(record, conflict, { ...context(), ruleOf: asked }).state).toBe('conflict');
  });
});

describe('what the server decides', () => {
  const rules = { Inspection: { title: 'LAST_WRITE_WINS', notes: 'TEXT' } } as const;

  it('goes back to it with the base that the editor saw: neither lost nor merged here', () => {
    const record = { ...update(desk(), { title: 'B', notes: 'n m', status: 'DONE' }), clock: 'as it was' };
    const remote = entity(4, { title: 'theirs', notes: 'k n', visits: 9 });
    const next = rebaseOnConflict(record, mismatch(remote, ['passed']), context({ rules }));
    expect(inputOf(next)).toEqual({ id: 'i', _version: 4, title: 'B', notes: 'n m', status: 'DONE' });
    expect(next).toMatchObject({ state: 'queued', base: { title: 'A', notes: 'n', status: 'OPEN' }, clock: 'as it was' });
  });

  it('is for a person once the server says that it cannot, or when nobody knows what the editor saw', () => {
    const record = update(desk(), { notes: 'n m' });
    const remote = entity(4, { notes: 'k' });
    const asked = { state: 'conflict', conflict: { conflictingFields: ['notes'] } };
    expect(rebaseOnConflict(record, mismatch(remote, ['notes']), context({ rules }))).toMatchObject(asked);
    expect(rebaseOnConflict({ ...record, base: null }, mismatch(remote, []), context({ rules }))).toMatchObject(asked);
  });

  it('is merged here where the application brings the text merge', () => {
    const record = update(desk(), { notes: 'n m' });
    const next = rebaseOnConflict(record, mismatch(entity(4, { notes: 'k n' })), context({ rules: { Inspection: { notes: text } } }));
    expect(inputOf(next).notes).toBe('k n m');
  });

  it('keeps its base while earlier edits of this client are acknowledged', () => {
    const made = desk();
    const first = update(made, { notes: 'n 1' });
    made.screen.set('Inspection:i', { ...INSPECTION, notes: 'n 1' });
    const second = update(made, { notes: 'n 1 2' });
    const remote = entity(3, { notes: 'k n 1' });
    const [moved] = rebaseWaiting([second], acknowledged(first, remote, ['notes']), remote, context({ rules }));
    expect(moved).toMatchObject({ base: { notes: 'n 1' } });
    expect(inputOf(moved as MutationRecord)).toMatchObject({ _version: 3, notes: 'n 1 2' });
  });

  it('a person who decides one field leaves the others to it', () => {
    const record = update(desk(), { title: 'B', notes: 'n m', status: 'DONE' });
    const remote = entity(4, { title: 'theirs', notes: 'k', status: 'BUSY' });
    const parked = rebaseOnConflict(record, mismatch(remote, ['notes', 'status']), context({ rules }));
    const decided = resolveParked(parked, { value: { notes: 'k m' } }, manifest, context({ rules })) as MutationRecord;
    expect(inputOf(decided)).toEqual({ id: 'i', _version: 4, title: 'B', notes: 'k m', status: 'DONE' });
    expect(decided.base).toEqual({ title: 'A', notes: 'k', status: 'BUSY' });
  });
});

describe('versions of other kinds', () => {
  const clock = (count: number) => `019b76da6c00-0000000${count}-main`;

  it.each([
    ['hybrid clocks', clock(1), clock(2), clock(3)],
    ['vectors', 'main:1', 'main:2', 'main:3'],
  ])('%s: own writes move what waits on them, and only one step tells that nobody else wrote', (_, one, two, three) => {
    const made = desk();
    made.screen.set('Inspection:i', { ...INSPECTION, _version: one });
    const first = update(made, { title: 'B' });
    const gone = made.draft('deleteInspection', { id: 'i' });
    const [moved] = rebaseWaiting(
      [gone],
      acknowledged(first, { ...entity(0, { title: 'B' }), _version: two }),
      { ...INSPECTION, title: 'B', _version: two },
      context(),
    );
    expect(inputOf(moved as MutationRecord)._version).toBe(two);
    const other = { ...INSPECTION, title: 'B', _version: three };
    expect(rebaseWaiting([gone], acknowledged(first, other), other, context())).toEqual([]);
    // A repeat tells of an older state than the one that the editor saw.
    const late = { ...gone, variables: { ...gone.variables, [gone.inputVariable as string]: { id: 'i', _version: three } } };
    expect(
      rebaseWaiting([late], acknowledged(first, { ...INSPECTION, _version: two }), { ...INSPECTION, _version: two }, context()),
    ).toEqual([]);
  });
});

/** Answers a chain as a server would that nobody else writes to; gives the inputs as they were sent. */
function sendAll(
  chain: readonly MutationRecord[],
  serve: (input: Readonly<Record<string, unknown>>, version: number) => Readonly<Record<string, unknown>>,
  from = 1,
) {
  let waiting = chain;
  let state: Readonly<Record<string, unknown>> = entity(from);
  const sent: MutationRecord[] = [];
  while (waiting[0]) {
    const [next, ...rest] = waiting;
    sent.push(next);
    if (next.state !== 'queued') return { sent, state };
    const version = (state._version as number) + 1;
    const { id: _id, _version, ...values } = inputOf(next);
    state = { ...state, ...serve(values, version), _version: version };
    const moved = new Map(
      rebaseWaiting(rest, acknowledged(next, { ...state, site: { id: state.siteId } }), state, context()).map((record) => [
        record.id,
        record,
      ]),
    );
    waiting = rest.map((record) => moved.get(record.id) ?? record);
  }
  return { sent, state };
}

describe('own later edits never conflict with own earlier ones', () => {
  it('the second of two quick edits carries the version after the first', () => {
    const at = desk();
    const { sent } = sendAll([update(at, { title: 'B' }), update(at, { title: 'C' })], (values) => values);
    expect(sent.map(inputOf)).toEqual([
      { id: 'i', _version: 1, title: 'B' },
      { id: 'i', _version: 2, title: 'C' },
    ]);
    expect(sent[1]).toMatchObject({ mutationId: 2, base: { title: 'B' } });
  });

  it('however many there are: the third is compared with the second, not with the first', () => {
    const at = desk();
    const titles = ['B', 'C', 'D', 'E', 'A', 'B'];
    const { sent, state } = sendAll(
      titles.map((title) => update(at, { title })),
      (values) => values,
    );
    expect(sent.map((record) => [record.state, inputOf(record)._version, inputOf(record).title])).toEqual(
      titles.map((title, index) => ['queued', index + 1, title]),
    );
    expect(state).toMatchObject({ title: 'B', _version: 7 });
  });

  it('whatever the server makes of the value (trimmed text), also with other edits in between', () => {
    const at = desk();
    const trim = (values: Readonly<Record<string, unknown>>) =>
      'title' in values ? { ...values, title: String(values.title).trim() } : values;
    const chain = [update(at, { title: ' B ' }), update(at, { notes: 'x' }), update(at, { title: ' C ' }), update(at, { title: 'D' })];
    const { sent, state } = sendAll(chain, trim);
    expect(sent.map(({ state: each }) => each)).toEqual(['queued', 'queued', 'queued', 'queued']);
    expect(state).toMatchObject({ title: 'D', notes: 'x' });
  });

  it('counters and sets in a chain add up once each', () => {
    const at = desk();
    const chain = [
      update(at, { visits: 6, tags: ['a', 'b'] }),
      update(at, { visits: 7, tags: ['b'] }),
      update(at, { visits: 9, tags: ['b', 'c'] }),
    ];
    expect(sendAll(chain, (values) => values).state).toMatchObject({ visits: 9, tags: ['b', 'c'] });
  });

  it('what was added to an edit that was refused is added all the same, without it', () => {
    const at = desk();
    update(at, { visits: 6, tags: ['a', 'refused'] });
    const [second, third] = [
      update(at, { visits: 7, tags: ['a', 'refused', 'b'] }),
      update(at, { visits: 8, tags: ['a', 'refused', 'b', 'c'] }),
    ];
    expect(second.base).toEqual({ visits: 6, tags: ['a', 'refused'] });
    const moved = rebaseOnAcknowledged(third, acknowledged(second, {}), entity(2, { visits: 6, tags: ['a', 'b'] }), context());
    expect(inputOf(moved)).toEqual({ id: 'i', _version: 2, visits: 7, tags: ['a', 'b', 'c'] });
    expect(moved.base).toEqual({ visits: 6, tags: ['a', 'b'] });
  });

  it('edits of what was created a moment ago, with defaults that the server filled in', () => {
    const at = desk();
    const chain = [at.draft('createInspection', { id: 'i', title: 'A' })];
    at.screen.set('Inspection:i', {
      ...at.screen.get('Inspection:i'),
      id: 'i',
      _version: 0,
      title: 'A',
      status: null,
      visits: null,
      tags: [],
    });
    chain.push(
      update(at, { title: 'B' }),
      update(at, { status: 'DONE', visits: 2 }),
      update(at, { visits: 3 }),
      at.draft('deleteInspection', { id: 'i' }),
    );
    const { sent } = sendAll(chain, (values) => ({ ...(values.visits === undefined ? { visits: 0 } : {}), ...values }), 0);
    expect(sent.map((record) => [record.kind, record.state, inputOf(record)._version])).toEqual([
      ['create', 'queued', undefined],
      ['update', 'queued', 1],
      ['update', 'queued', 2],
      ['update', 'queued', 3],
      ['delete', 'queued', 4],
    ]);
    expect(inputOf(sent[3] as MutationRecord)).toMatchObject({ visits: 3 });
  });

  it('edits of an entity whose values nobody saw follow by version alone', () => {
    const blind = createDesk();
    const edit = (title: string) => ({ ...blind.draft('updateInspection', { id: 'i', _version: 1, title }), base: null });
    const { sent } = sendAll([edit('B'), edit('C'), edit('D')], (values) => values);
    expect(sent.map((record) => [record.state, inputOf(record)._version])).toEqual([
      ['queued', 1],
      ['queued', 2],
      ['queued', 3],
    ]);
  });

  it('after a counter was merged with somebody else’s, the next one adds its own difference only', () => {
    const at = desk();
    const [first, second] = [update(at, { visits: 6 }), update(at, { visits: 7 })];
    const answer = acknowledged(first, {}, ['visits']);
    const next = rebaseOnAcknowledged(second, answer, entity(3, { visits: 16 }), context());
    expect(inputOf(next)).toEqual({ id: 'i', _version: 3, visits: 17 });
  });

  it('after this client has merged a conflict, its later edits stand on the merged value', () => {
    const at = desk();
    const [first, second] = [update(at, { tags: ['a', 'b'], title: 'B' }), update(at, { tags: ['a', 'b', 'c'], title: 'C' })];
    const merged = rebaseOnConflict(first, mismatch(entity(3, { tags: ['a', 'theirs'] })), context());
    expect(inputOf(merged).tags).toEqual(['a', 'theirs', 'b']);
    const next = rebaseOnAcknowledged(second, acknowledged(merged, {}), entity(4, { tags: ['a', 'theirs', 'b'], title: 'B' }), context());
    expect(next.state).toBe('queued');
    expect(inputOf(next)).toEqual({ id: 'i', _version: 4, tags: ['a', 'theirs', 'b', 'c'], title: 'C' });
  });
});

describe('a change of somebody else under a queued chain is never overwritten unseen', () => {
  it('is merged where it merges; where it does not, the record keeps its version and its base, so that the server judges', () => {
    const at = desk();
    const [first, second] = [update(at, { title: 'B' }), update(at, { notes: 'mine', visits: 6 })];
    const free = rebaseOnAcknowledged(second, acknowledged(first, {}), entity(3, { title: 'B', visits: 15 }), context());
    expect(inputOf(free)).toEqual({ id: 'i', _version: 3, notes: 'mine', visits: 16 });
    const clash = rebaseOnAcknowledged(second, acknowledged(first, {}), entity(3, { title: 'B', notes: 'theirs' }), context());
    expect(clash).toBe(second);
  });

  it('also when the write before it changed nothing, and so took no version', () => {
    const at = desk();
    const [nothing, second] = [update(at, { notes: 'n' }), update(at, { notes: 'mine' })];
    // Version 2 is somebody else's.
    const next = rebaseOnAcknowledged(second, acknowledged(nothing, {}, ['notes']), entity(2, { notes: 'theirs' }), context());
    expect(next).toBe(second);
  });

  it('also when somebody made the same change, and another one with it', () => {
    const at = desk();
    const [same, second] = [update(at, { title: 'B' }), update(at, { notes: 'mine' })];
    const next = rebaseOnAcknowledged(second, acknowledged(same, {}), entity(2, { title: 'B', notes: 'theirs' }), context());
    expect(next).toBe(second);
  });

  it('also three edits deep', () => {
    const at = desk();
    const chain = [update(at, { title: 'B' }), update(at, { title: 'C' }), update(at, { notes: 'mine' })];
    const { sent } = sendAll(chain, (values, version) => (version === 3 ? { ...values, notes: 'theirs' } : values));
    expect(sent[2]).toMatchObject({ state: 'queued', base: { notes: 'n' } });
    expect(inputOf(sent[2] as MutationRecord)).toEqual({ id: 'i', _version: 1, notes: 'mine' });
  });

  it('a delete keeps the version that its author saw, so that the server asks', () => {
    const at = desk();
    const [edit, gone] = [update(at, { title: 'B' }), at.draft('deleteInspection', { id: 'i' })];
    const alone = rebaseOnAcknowledged(gone, acknowledged(edit, {}), entity(2, { title: 'B' }), context());
    expect(inputOf(alone)).toEqual({ id: 'i', _version: 2 });
    expect(rebaseOnAcknowledged(gone, acknowledged(edit, {}), entity(3, { title: 'B', notes: 'theirs' }), context())).toBe(gone);
    const merged = rebaseOnConflict(edit, mismatch(entity(7, { notes: 'theirs' })), context());
    expect(rebaseOnAcknowledged(gone, acknowledged(merged, {}), entity(8, { title: 'B', notes: 'theirs' }), context())).toBe(gone);
  });

  it('an edit from a form that was opened before newer data came keeps its version, so that the server judges', () => {
    const at = desk();
    const first = update(at, { title: 'B' });
    const stale = { ...update(at, { notes: 'mine' }), base: null, variables: { input: { id: 'i', _version: 0, notes: 'mine' } } };
    expect(rebaseOnAcknowledged(stale, acknowledged(first, {}), entity(2, { title: 'B' }), context())).toBe(stale);
  });
});

describe('a record on its way', () => {
  it('stays as it may have been sent: other content under its key would be another write', () => {
    const at = desk();
    const [first, second] = [update(at, { title: 'B' }), update(at, { title: 'C' })];
    for (const sent of [
      { ...second, attempts: 1 },
      { ...second, state: 'sending' as const, attempts: 1 },
    ])
      expect(rebaseOnAcknowledged(sent, acknowledged(first, {}), entity(2, { title: 'B' }), context())).toBe(sent);
  });

  it('is not revived by an acknowledgement when it is a dead letter or parked', () => {
    const at = desk();
    const [first, second] = [update(at, { title: 'B' }), update(at, { title: 'C' })];
    for (const state of ['dead', 'conflict'] as const) {
      const kept = { ...second, state };
      expect(rebaseOnAcknowledged(kept, acknowledged(first, {}), entity(2, { title: 'B' }), context())).toBe(kept);
    }
  });

  it('never goes back to an older version: a repeated answer tells of the moment of the first delivery', () => {
    const at = desk();
    const first = update(at, { title: 'B' });
    at.screen.set('Inspection:i', { ...INSPECTION, title: 'B', notes: 'theirs', _version: 3 });
    const second = update(at, { notes: 'mine' });
    expect(rebaseOnAcknowledged(second, acknowledged(first, {}), entity(2, { title: 'B' }), context())).toBe(second);
  });

  it('is left alone by an answer that names no version, and by fields that the answer does not hold', () => {
    const at = desk();
    const [first, second] = [update(at, { title: 'B' }), update(at, { title: 'C', notes: 'mine' })];
    const { _version, ...unversioned } = entity(2);
    expect(rebaseOnAcknowledged(second, acknowledged(first, {}), unversioned, context())).toBe(second);
    const thin = rebaseOnAcknowledged(second, acknowledged(first, {}), { id: 'i', _version: 9, title: 'B' }, context());
    expect(thin).toMatchObject({ state: 'queued', base: { title: 'B', notes: 'n' } });
    expect(inputOf(thin)).toEqual({ id: 'i', _version: 9, title: 'C', notes: 'mine' });
  });
});

describe('a person', () => {
  const parked = (record: MutationRecord, conflict: Partial<ConflictInput>): MutationRecord => {
    const next = rebaseOnConflict(record, { ...mismatch(entity(4, { title: 'C' }), ['title']), ...conflict }, context());
    expect(next.state).toBe('conflict');
    return next;
  };
  const choose = (record: MutationRecord, resolution: Parameters<typeof resolveParked>[1]) =>
    resolveParked(record, resolution, manifest, context());

  it('takes local: the edit is written against what the other has, and what merges is still merged', () => {
    const next = choose(parked(update(desk(), { title: 'B', visits: 6 }), { remote: entity(4, { title: 'C', visits: 15 }) }), {
      take: 'local',
    });
    expect(next).toMatchObject({ state: 'queued', mutationId: 101, failure: null, conflict: null, base: { title: 'C', visits: 15 } });
    expect(next && inputOf(next)).toEqual({ id: 'i', _version: 4, title: 'B', visits: 16 });
  });

  it('takes remote: nothing is left to write', () => {
    expect(choose(parked(update(desk(), { title: 'B' }), {}), { take: 'remote' })).toBeNull();
  });

  it('gives values of their own, falsy ones too; a whole entity from a form does not smuggle in its old version', () => {
    const record = parked(update(desk(), { title: 'B', notes: 'mine' }), {});
    const next = choose(record, { value: { ...entity(1), title: '', __typename: 'Inspection' } });
    expect(next && inputOf(next)).toMatchObject({ id: 'i', _version: 4, title: '', notes: 'n' });
    expect(next && inputOf(next)).not.toHaveProperty('__typename');
    expect(() => choose(record, { value: { titel: 'x' } })).toThrow(/no field titel/);
  });

  it('keeps a delete, or drops it; a delete has no values', () => {
    const at = desk();
    const record = parked(at.draft('deleteInspection', { id: 'i' }), {});
    const next = choose(record, { take: 'local' });
    expect(next && inputOf(next)).toEqual({ id: 'i', _version: 4 });
    expect(() => choose(record, { value: { title: 'x' } })).toThrow(/a delete has no values/);
    expect(choose(parked(at.draft('deleteInspection', { id: 'i' }), { remote: null, currentVersion: 5 }), { take: 'local' })).toBeNull();
  });

  it('brings back what somebody else deleted, as it was on screen, with the edit', () => {
    const record = parked(update(desk(), { title: 'B' }), {
      code: 'DELETED',
      remote: null,
      currentVersion: 5,
      onScreen: { ...INSPECTION, title: 'B' },
    });
    const next = choose(record, { take: 'local' });
    expect(next).toMatchObject({
      kind: 'create',
      field: 'createInspection',
      responseKey: 'createInspection',
      operationName: 'CreateInspection',
      base: null,
    });
    expect(next && inputOf(next)).toEqual({
      id: 'i',
      title: 'B',
      notes: 'n',
      status: 'OPEN',
      severity: null,
      passed: null,
      tags: ['a'],
      visits: 5,
      siteId: 's',
    });
    const lost = parked(update(desk(), { title: 'B' }), { remote: null, currentVersion: 5, onScreen: null });
    expect(() => choose(lost, { take: 'local' })).toThrow(/no complete copy is left/);
  });

  it('puts a create of a taken id on top of what is there, as an update', () => {
    const created = desk().draft('createInspection', { id: 'new', title: 'mine', siteId: 's' });
    const next = choose(parked(created, { code: 'ALREADY_EXISTS', remote: { ...entity(3), id: 'new' }, currentVersion: 3 }), {
      take: 'local',
    });
    expect(next).toMatchObject({ kind: 'update', field: 'updateInspection', base: { title: 'A', siteId: 's' } });
    expect(next && inputOf(next)).toEqual({ id: 'new', _version: 3, title: 'mine', siteId: 's' });
  });
});

it('an edited, resolved or rebased write gets a new key; a retried one keeps its own', () => {
  const record = update(desk(), { title: 'B' });
  const dead = { ...record, state: 'dead', attempts: 3, nextAttemptAt: 9, failure: { code: 'X', message: 'x' } } as const;
  // Nobody forgets with the attempts that the server may know the key.
  expect(requeue(dead)).toEqual({ ...record, keyWasSent: true });
  expect(requeue(identify(dead, createIdentity('other', 8)))).toEqual({ ...record, clientId: 'other', mutationId: 9 });
  expect(identify(record, createIdentity('other', 8))).toEqual({ ...record, clientId: 'other', mutationId: 9 });
});
