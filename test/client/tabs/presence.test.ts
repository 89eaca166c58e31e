import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../client/adapters/memory.ts';
import { createOutbox } from '../../../client/outbox/outbox.ts';
import { createPresence } from '../../../client/tabs/presence.ts';
import { createMemoryLocks, createSeededRandom } from '../../harness/index.ts';
import { createDesk } from '../outbox/records.ts';

let seeds = 0;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function browser() {
  const locks = createMemoryLocks();
  const disk = memoryStorage();
  const tab = () => {
    const random = createSeededRandom(++seeds);
    const outbox = createOutbox(
      { storage: disk, random, onEvent: () => undefined },
      { owner: 'ada', limits: { maxRecords: 100, maxRecordLength: 100_000 } },
    );
    const mine = locks.tab();
    const thrown: unknown[] = [];
    const presence = createPresence({ locks: mine, outbox, onThrow: (error) => thrown.push(error) }, 'scope');
    const desk = createDesk({ clientId: outbox.clientId, nextMutationId: outbox.nextMutationId, random });
    const add = async () => {
      const record = desk.draft('updateSite', { id: 's', _version: 1, name: 'x' });
      await outbox.add([record]);
      return record;
    };
    return { outbox, presence, add, thrown, crash: mine.crash };
  };
  return { tab };
}

describe('a client is retired', () => {
  it('only when its tab is gone: a live one with nothing to send may be about to send', async () => {
    const { tab } = browser();
    const [leader, follower] = [tab(), tab()];
    const record = await follower.add();
    await leader.outbox.load();
    leader.presence.watch(new AbortController().signal);
    await leader.outbox.remove(record.id);
    await turn();
    expect(leader.outbox.retired()).toEqual([]);
    follower.crash();
    await turn();
    expect(leader.outbox.retired()).toEqual([follower.outbox.clientId]);
  });

  it('also when its tab closed properly, and when it was never here: an earlier session', async () => {
    const { tab } = browser();
    const [earlier, follower] = [tab(), tab()];
    for (const each of [earlier, follower]) await each.outbox.remove((await each.add()).id);
    earlier.crash();
    const leader = tab();
    await leader.outbox.load();
    leader.presence.watch(new AbortController().signal);
    await turn();
    expect(leader.outbox.retired()).toEqual([earlier.outbox.clientId]);
    follower.presence.dispose();
    await turn();
    expect(leader.outbox.retired()).toEqual([earlier.outbox.clientId, follower.outbox.clientId]);
  });

  it('that became known later', async () => {
    const { tab } = browser();
    const leader = tab();
    leader.presence.watch(new AbortController().signal);
    const follower = tab();
    const record = await follower.add();
    leader.outbox.mirror(record.id, record);
    await leader.outbox.remove(record.id);
    follower.crash();
    await turn();
    expect(leader.outbox.retired()).toEqual([follower.outbox.clientId]);
    expect(leader.thrown).toEqual([]);
  });

  it('not while something of it is on disk that nobody was told of', async () => {
    const { tab } = browser();
    const [leader, follower] = [tab(), tab()];
    const known = await follower.add();
    await leader.outbox.load();
    leader.presence.watch(new AbortController().signal);
    await leader.outbox.remove(known.id);
    const left = await follower.add();
    follower.crash();
    await turn();
    expect(leader.outbox.records().map(({ id }) => id)).toEqual([left.id]);
    expect(leader.outbox.retired()).toEqual([]);
  });

  it('never by a tab that leads no more', async () => {
    const { tab } = browser();
    const [leader, follower] = [tab(), tab()];
    await follower.outbox.remove((await follower.add()).id);
    await leader.outbox.load();
    const leading = new AbortController();
    leader.presence.watch(leading.signal);
    leading.abort();
    follower.crash();
    await turn();
    expect(leader.outbox.retired()).toEqual([]);
  });
});
