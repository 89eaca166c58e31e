import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import type { OfflineError } from '../../../client/errors.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import type { MutationRecord } from '../../../client/outbox/record.ts';
import { createTickets, type SettledOperation } from '../../../client/outbox/tickets.ts';
import type { Storage } from '../../../client/ports.ts';
import { createTabChannel } from '../../../client/tabs/channel.ts';
import { createRelay } from '../../../client/tabs/relay.ts';
import { createMemoryChannelHub, createSeededRandom, createSimulatedClock } from '../../harness/index.ts';
import { createDesk } from '../outbox/records.ts';

let seeds = 0;

function browser(disk: Storage = memoryStorage()) {
  const hub = createMemoryChannelHub();
  const tab = () => {
    const random = createSeededRandom(++seeds);
    const outbox = createOutbox(
      { storage: disk, random, onEvent: () => undefined },
      { owner: 'ada', limits: { maxRecords: 100, maxRecordLength: 100_000 } },
    );
    const tickets = createTickets();
    const told: (SettledOperation | OfflineError)[] = [];
    const acknowledged: MutationRecord[] = [];
    let woken = 0;
    const thrown: unknown[] = [];
    const clock = createSimulatedClock();
    const relay = createRelay({
      channel: createTabChannel(hub.open()),
      outbox,
      tickets,
      clock,
      isLeader: () => false,
      acknowledge(record, settle) {
        acknowledged.push(record);
        settle();
      },
      together: (run) => run(),
      wake: () => (woken += 1),
      onThrow: (error) => thrown.push(error),
    });
    const desk = createDesk({
      clientId: outbox.clientId,
      nextMutationId: outbox.nextMutationId,
      nextSequence: outbox.nextSequence,
      random,
    });
    return {
      clock,
      outbox,
      tickets,
      relay,
      told,
      acknowledged,
      thrown,
      woken: () => woken,
      async add(name = 'a', id = name): Promise<MutationRecord> {
        const record = desk.draft('updateSite', { id, _version: 1, name });
        tickets.open([record], { settled: (operation) => told.push(operation), failed: (error) => told.push(error) });
        await outbox.add([record]);
        return record;
      },
    };
  };
  return { hub, disk, tab };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const ids = (tab: { outbox: { records(): readonly MutationRecord[] } }) => tab.outbox.records().map(({ id }) => id);

describe('what one tab does to its outbox', () => {
  it('is in the others once storage has it, and wakes who sends', async () => {
    const { tab } = browser();
    const [one, two] = [tab(), tab()];
    const record = await one.add();
    await turn();
    expect(ids(two)).toEqual([record.id]);
    expect(two.woken()).toBeGreaterThan(0);
    await one.outbox.put({ ...record, attempts: 2 });
    await turn();
    expect(two.outbox.get(record.id)?.attempts).toBe(2);
    await one.outbox.remove(record.id);
    await turn();
    expect(ids(two)).toEqual([]);
  });

  it('is the same record when it is told of again: what is being done with it goes on', async () => {
    const { tab } = browser();
    const [one, two] = [tab(), tab()];
    const record = await one.add();
    await turn();
    const heard = two.outbox.get(record.id);
    await one.outbox.put({ ...record });
    await turn();
    expect(two.outbox.get(record.id)).toBe(heard);
  });

  it('is one message more, however much else is done in the same go', async () => {
    const { hub, tab } = browser();
    const [one, two] = [tab(), tab()];
    const heard: unknown[] = [];
    hub.open().subscribe((message) => heard.push(message));
    const made = await Promise.all(['a', 'b', 'c'].map((name) => one.add(name)));
    await turn();
    expect(heard).toHaveLength(2);
    expect(ids(two)).toEqual(made.map(({ id }) => id));
  });

  it('is found by the tab that sends also when its message was lost, and the tab with it', async () => {
    const { tab } = browser();
    const leader = tab();
    const stop = new AbortController();
    leader.relay.lead(stop.signal);
    const closed = tab();
    closed.relay.dispose();
    const record = await closed.add();
    await turn();
    expect(ids(leader)).toEqual([]);
    await leader.clock.advance(30_000);
    expect(ids(leader)).toEqual([record.id]);
    expect(leader.woken()).toBeGreaterThan(0);
    stop.abort();
    await leader.outbox.remove(record.id);
    await closed.outbox.put(record);
    await leader.clock.advance(120_000);
    expect(ids(leader)).toEqual([]);
  });

  it('does not undo what this tab is doing: being sent is stored as queued', async () => {
    const { tab } = browser();
    const [one, two] = [tab(), tab()];
    const record = await one.add();
    await turn();
    two.outbox.note({ ...record, state: 'sending', attempts: 1 });
    await one.outbox.put(record);
    await turn();
    expect(two.outbox.get(record.id)?.state).toBe('sending');
    await one.outbox.put({ ...record, mutationId: 9 });
    await turn();
    expect(two.outbox.get(record.id)).toMatchObject({ state: 'queued', mutationId: 9 });
  });

  it('does not bring back what changed here while it was read', async () => {
    const cells = memoryStorage();
    let hold: Promise<void> | null = null;
    const slow: Storage = {
      ...cells,
      async get(key) {
        const value = await cells.get(key);
        if (hold) await hold;
        return value;
      },
    };
    const { tab } = browser(slow);
    const [one, two] = [tab(), tab()];
    const record = await one.add();
    await turn();
    let go: () => void = () => undefined;
    hold = new Promise((resolve) => (go = resolve));
    await one.outbox.put({ ...record, attempts: 1 });
    await turn();
    await two.outbox.put({ ...record, mutationId: 7 });
    hold = null;
    go();
    await turn();
    await turn();
    expect(two.outbox.get(record.id)?.mutationId).toBe(7);
  });
});

describe('an answer', () => {
  it('settles the ticket of the tab that asked, with its result and errors, and ends its optimism once', async () => {
    const { tab } = browser();
    const [follower, leader] = [tab(), tab()];
    const record = await follower.add();
    await turn();
    const acknowledged: MutationRecord = { ...record, state: 'acknowledged', result: { ok: true } };
    const put = leader.outbox.put(acknowledged);
    leader.relay.settled(acknowledged, [{ message: 'half' }]);
    await put;
    await turn();
    await leader.outbox.remove(record.id);
    await turn();
    expect(follower.told).toEqual([{ data: { updateSite: { ok: true } }, errors: [{ message: 'half' }] }]);
    expect(follower.acknowledged).toHaveLength(1);
    expect(ids(follower)).toEqual([]);
  });

  it('is found in storage when the message is lost', async () => {
    const { hub, tab } = browser();
    const [follower, leader] = [tab(), tab()];
    const record = await follower.add();
    await turn();
    hub.lossy = true;
    leader.relay.settled({ ...record, state: 'acknowledged', result: 1 }, []);
    hub.lossy = false;
    await leader.outbox.put({ ...record, state: 'acknowledged', result: 1 });
    await turn();
    expect(follower.told).toEqual([{ data: { updateSite: 1 }, errors: [] }]);
  });

  it('that needs a person fails the ticket with its code, and the record stays', async () => {
    const { tab } = browser();
    const [follower, leader] = [tab(), tab()];
    const record = await follower.add();
    await turn();
    await leader.outbox.put({ ...record, state: 'dead' });
    leader.relay.failed(record, 'MUTATION_REJECTED', 'no');
    await turn();
    expect(follower.told).toMatchObject([{ code: 'MUTATION_REJECTED', message: 'no', recordId: record.id }]);
    expect(follower.outbox.get(record.id)?.state).toBe('dead');
  });
});

describe('a lost message', () => {
  it('about a record is noticed by the next one of that tab: none is left unsent, none is acknowledged unsent', async () => {
    const { hub, tab } = browser();
    const [follower, leader] = [tab(), tab()];
    hub.lossy = true;
    const lost = await follower.add('a');
    hub.lossy = false;
    const seen: string[] = [];
    leader.outbox.subscribe(({ id }) => seen.push(id));
    const heard = await follower.add('b');
    await turn();
    await turn();
    expect(ids(leader)).toEqual([lost.id, heard.id]);
    // In their order: between the two the leader could send the later one first, or make it part of another.
    expect([...new Set(seen)]).toEqual([lost.id, heard.id]);
    expect(leader.outbox.ackedThrough(follower.outbox.clientId)).toBe(0);
  });

  it.each([
    ['done', [] as const],
    ['still there, against all expectation', ['a'] as const],
  ])('about a record that a later one waited for: with the answer to that it is off the screen, and %s', async (how, names) => {
    const { hub, tab } = browser();
    const [follower, leader] = [tab(), tab()];
    const first = await follower.add('a', 'same');
    const second = await follower.add('b', 'same');
    await turn();
    hub.lossy = true;
    if (how === 'done') await leader.outbox.remove(first.id);
    await leader.outbox.remove(second.id);
    await turn();
    hub.lossy = false;
    const shown: unknown[] = [];
    follower.outbox.subscribe(() => shown.push(ids(follower)));
    leader.relay.settled({ ...second, state: 'acknowledged', result: 1 }, []);
    await turn();
    await turn();
    expect(shown.slice(0, 2)).toEqual([[second.id], []]);
    expect(follower.outbox.records().map(({ variables }) => (variables.input as { name: string }).name)).toEqual(names);
    expect(follower.told).toEqual([{ data: { updateSite: 1 }, errors: [] }]);
  });

  it('about a record that has become one with a later one: the later one is not off the screen before that is known', async () => {
    const { hub, tab } = browser();
    const [follower, leader] = [tab(), tab()];
    const first = await follower.add('first', 'a');
    const second = await follower.add('second', 'a');
    await turn();
    const shown: unknown[] = [];
    follower.outbox.subscribe(() => shown.push(follower.outbox.ofEntity('Site', 'a').map(({ variables }) => variables)));
    hub.lossy = true;
    const merged = { ...first, variables: second.variables, absorbed: [second.id] };
    await leader.outbox.put(merged);
    await turn();
    hub.lossy = false;
    await leader.outbox.remove(second.id);
    await turn();
    await turn();
    expect(follower.outbox.records()).toEqual([merged]);
    expect(shown.map((each) => (each as readonly unknown[]).at(-1))).toEqual([first.variables, second.variables]);
  });
});

it('a storage that cannot be read is reported, and a disposed relay is silent', async () => {
  const disk = memoryStorage();
  const { tab } = browser({ ...disk, get: () => Promise.reject(new Error('no')) });
  const [one, two] = [tab(), tab()];
  await one.add();
  await turn();
  expect(two.thrown).toHaveLength(1);
  two.relay.dispose();
  one.relay.dispose();
  await one.add('b');
  await turn();
  expect(two.thrown).toHaveLength(1);
});
