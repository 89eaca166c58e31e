import { beforeEach, describe, expect, it } from 'vitest';
import { createWriteQueue, type WriteQueue } from '../../../server/store/write-queue.ts';

describe('the write queue', () => {
  let log: string[];
  /** Ends the turn of whoever waits for others. */
  let endTurn: (() => void) | null;
  let changes: number;
  let queue: WriteQueue<null>;
  beforeEach(() => {
    log = [];
    endTurn = null;
    changes = 0;
    queue = createWriteQueue<null>(
      {
        begin: () => void log.push('begin'),
        commit: () => {
          log.push('commit');
          return () => undefined;
        },
        rollback: () => void log.push('rollback'),
        changes: () => changes,
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

  it('waits a little for as many as shared the last commit, and no longer than that', async () => {
    const turns = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn++) {
        endTurn?.();
        for (let tick = 0; tick < 5; tick++) await Promise.resolve();
      }
    };
    const both = Promise.all([write('a'), write('b')]);
    await settle();
    await both;
    log.length = 0;
    const first = write('c');
    await turns(20);
    expect(log).toEqual(['begin', 'c']);
    const second = write('d');
    await turns(2);
    await Promise.all([first, second]);
    expect(log).toEqual(['begin', 'c', 'd', 'commit']);
    log.length = 0;
    const alone = write('e');
    await turns(63);
    expect(log).toEqual(['begin', 'e']);
    await turns(1);
    await alone;
    expect(log).toEqual(['begin', 'e', 'commit']);
    // What is much by itself gains little.
    changes = 16;
    const large = write('f');
    await turns(1);
    await large;
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

describe('the write queue over a disk that takes its time', () => {
  let log: string[];
  /** Flushes that have not ended. */
  let flushes: { readonly end: () => void; readonly fail: (error: Error) => void }[];
  let queue: WriteQueue<null>;
  beforeEach(() => {
    log = [];
    flushes = [];
    queue = createWriteQueue<null>(
      {
        begin: () => void log.push('begin'),
        commit: () => {
          log.push('commit');
          return () => void log.push('told');
        },
        flush: () => {
          log.push('flush');
          return new Promise((resolve, reject) => {
            flushes.push({ end: resolve, fail: reject });
          });
        },
        rollback: () => void log.push('rollback'),
        changes: () => 0,
        standing: () => true,
        part: (run) => run(null),
      },
      { groupSize: 3, turn: () => Promise.resolve() },
    );
  });
  const settle = async (): Promise<void> => {
    for (let tick = 0; tick < 300; tick++) await Promise.resolve();
  };
  const write = (name: string): void => {
    queue
      .write(() => void log.push(name))
      .then(
        () => log.push(`${name} is answered`),
        (error: Error) => log.push(`${name}: ${error.message}`),
      );
  };
  /** What happened since it was asked last. */
  const seen = async (): Promise<readonly string[]> => {
    await settle();
    return log.splice(0);
  };

  it('answers and tells nobody before the disk has it; those who come meanwhile run, and share the next commit', async () => {
    write('a');
    expect(await seen()).toEqual(['begin', 'a', 'commit', 'flush']);
    write('b');
    expect(await seen()).toEqual(['begin', 'b']);
    write('c');
    expect(await seen()).toEqual(['c']);
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'a is answered', 'commit', 'flush']);
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'b is answered', 'c is answered']);
  });

  it('a group that is full waits for the disk too', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) write(name);
    expect(await seen()).toEqual(['begin', 'a', 'b', 'c', 'commit', 'flush', 'begin', 'd', 'e', 'f']);
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'a is answered', 'b is answered', 'c is answered', 'commit', 'flush', 'begin', 'g']);
  });

  it('what the disk may not have is refused, and the next ones are tried', async () => {
    write('a');
    write('b');
    await seen();
    flushes.shift()?.fail(new Error('no disk'));
    expect(await seen()).toEqual(['a: no disk', 'b: no disk']);
    write('c');
    await seen();
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'c is answered']);
  });

  it('is idle when the disk is', async () => {
    write('a');
    await seen();
    queue.idle().then(() => log.push('idle'));
    write('b');
    expect(await seen()).toEqual(['begin', 'b']);
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'a is answered', 'commit', 'flush']);
    flushes.shift()?.end();
    expect(await seen()).toEqual(['told', 'b is answered', 'idle']);
  });
});
