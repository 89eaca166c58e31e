import { beforeEach, describe, expect, it } from 'vitest';
import { createWriteQueue, type WriteQueue } from '../../../server/store/write-queue.ts';

describe('the write queue', () => {
  let log: string[];
  /** Ends the turn of whoever waits for others. */
  let endTurn: (() => void) | null;
  let queue: WriteQueue<null>;
  beforeEach(() => {
    log = [];
    endTurn = null;
    queue = createWriteQueue<null>(
      {
        begin: () => void log.push('begin'),
        commit: () => void log.push('commit'),
        rollback: () => void log.push('rollback'),
        standing: () => true,
        part: (run) => run(null),
      },
      {
        groupSize: 3,
        turn: () =>
          new Promise((resolve) => {
            endTurn = () => {
              endTurn = null;
              resolve();
            };
          }),
      },
    );
  });
  const write = (name: string): Promise<void> => queue.write(() => void log.push(name));
  const settle = async (): Promise<void> => {
    while (endTurn !== null) {
      endTurn();
      for (let tick = 0; tick < 5; tick++) await Promise.resolve();
    }
  };
  /** Whether a writer who comes alone is kept waiting for others. */
  const waits = async (): Promise<boolean> => {
    const done = write('alone');
    const waited = endTurn !== null;
    await settle();
    await done;
    return waited;
  };

  it('lets those who come in one turn share a commit, and answers nobody before it', async () => {
    const first = write('a').then(() => log.push('a is answered'));
    const second = write('b');
    await settle();
    await Promise.all([first, second]);
    expect(log).toEqual(['begin', 'a', 'b', 'commit', 'a is answered']);
  });

  it('begins a new commit when one is full', async () => {
    const all = Promise.all(['a', 'b', 'c', 'd'].map(write));
    await settle();
    await all;
    expect(log).toEqual(['begin', 'a', 'b', 'c', 'commit', 'begin', 'd', 'commit']);
  });

  it('keeps nobody waiting where others have not come for a while, and looks out for them now and then', async () => {
    const seen: boolean[] = [];
    for (let at = 0; at < 41; at++) seen.push(await waits());
    expect(seen.map(Number).join('')).toBe(`${'1'.repeat(33)}00000001`);
    for (let at = 41; at < 48; at++) await waits();
    const both = Promise.all([write('a'), write('b')]);
    await settle();
    await both;
    expect(log.slice(-4)).toEqual(['begin', 'a', 'b', 'commit']);
    // Those who came once may come again.
    expect(await waits()).toBe(true);
  });

  it('takes who comes while the last ones are being answered', async () => {
    let late: Promise<void> = Promise.resolve();
    const first = write('a').then(() => {
      late = write('late');
    });
    await settle();
    await first;
    await settle();
    await late;
    expect(log).toEqual(['begin', 'a', 'commit', 'begin', 'late', 'commit']);
    await queue.idle();
  });
});
