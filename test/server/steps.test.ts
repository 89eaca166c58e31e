import { describe, expect, it } from 'vitest';
import { type Awaitable, run, type Steps, wait } from '../../server/steps.ts';

function* sum(values: readonly Awaitable<number>[]): Steps<number> {
  let total = 0;
  for (const value of values) total += yield* wait(value);
  return total;
}

function* caught(value: Awaitable<number>): Steps<string> {
  try {
    return `got ${yield* wait(value)}`;
  } catch (error) {
    return `caught ${(error as Error).message}`;
  }
}

describe('steps', () => {
  it('are done at once where there is nothing to wait for', () => {
    expect(run(sum([1, 2, 3]))).toBe(6);
  });

  it('wait where there is something to wait for, and go on from there', async () => {
    const answer = run(sum([1, Promise.resolve(2), 3, Promise.resolve(4)]));
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toBe(10);
  });

  it('are told of what failed where they waited for it', async () => {
    expect(await run(caught(Promise.reject(new Error('late'))))).toBe('caught late');
  });

  it('pass on what they do not catch: at once, or to whoever waits', async () => {
    const failing = function* (before: Awaitable<number>): Steps<never> {
      yield* wait(before);
      throw new Error('no');
    };
    expect(() => run(failing(1))).toThrow('no');
    await expect(run(failing(Promise.resolve(1)))).rejects.toThrow('no');
  });
});
