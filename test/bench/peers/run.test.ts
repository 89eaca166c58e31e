import { describe, expect, test } from 'vitest';
import { DOCUMENTS, operationOf, variablesOf } from '../../../bench/peers/change.ts';
import type { Contestant, PageDeps } from '../../../bench/peers/contestant.ts';
import { farside } from '../../../bench/peers/farside.ts';
import { type PeerRun, runScript } from '../../../bench/peers/run.ts';
import { makeScript } from '../../../bench/peers/script.ts';

/** What nobody should do: sends once, or again after every failure, and keeps nothing. */
function careless(options: { readonly retries: number; readonly claimsStored: boolean }): Contestant {
  return {
    name: 'careless',
    says: '',
    browser: () => async (deps: PageDeps) => ({
      make(change) {
        const body = JSON.stringify({ operationName: operationOf(change), query: DOCUMENTS[change.kind], variables: variablesOf(change) });
        const send = async (left: number): Promise<void> => {
          try {
            const response = await deps.fetch(deps.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
            if ((await response.json()).errors) throw new Error('refused');
          } catch {
            if (left > 0) setTimeout(() => void send(left - 1), 500);
          }
        };
        if (options.claimsStored) deps.observer.stored(change.token);
        void send(options.retries);
      },
      waiting: () => [],
      crash: () => {},
    }),
  };
}

async function runAll(contestant: Contestant): Promise<readonly PeerRun[]> {
  const runs: PeerRun[] = [];
  for (const seed of [1, 2, 3]) runs.push(await runScript(contestant, makeScript(seed)));
  return runs;
}

const sum = (runs: readonly PeerRun[], figure: 'lost' | 'repeated' | 'reordered' | 'mutations' | 'accepted'): number =>
  runs.reduce((all, { figures }) => all + figures[figure], 0);

describe('the script for Farside and its peers', () => {
  test('Farside loses nothing, repeats nothing, keeps the order and leaves nothing behind', async () => {
    for (const { figures, faults } of await runAll(farside)) {
      expect(figures).toMatchObject({ lost: 0, repeated: 0, reordered: 0, refused: 0, stuck: 0 });
      expect(figures.accepted).toBeGreaterThan(20);
      expect(Object.values(faults).reduce((all, times) => all + times, 0)).toBeGreaterThan(10);
    }
  });

  test('what is sent once and called stored is lost', async () => {
    const runs = await runAll(careless({ retries: 0, claimsStored: true }));
    expect(sum(runs, 'lost')).toBeGreaterThan(5);
    expect(sum(runs, 'repeated')).toBe(0);
  });

  test('what is sent again after every failure comes twice, and overtakes', async () => {
    const runs = await runAll(careless({ retries: 20, claimsStored: false }));
    expect(sum(runs, 'repeated')).toBeGreaterThan(5);
    expect(sum(runs, 'reordered')).toBeGreaterThan(0);
    expect(sum(runs, 'accepted')).toBe(0);
  });

  test('one seed is one run, whoever else has run before', async () => {
    const [first, second] = [await runScript(farside, makeScript(4)), await runScript(farside, makeScript(4))];
    expect(second).toEqual(first);
  });

  test('the platform has its own time back afterwards', async () => {
    const [timer, now, chance] = [setTimeout, Date, Math.random];
    await runScript(farside, makeScript(5));
    expect([setTimeout, Date, Math.random]).toEqual([timer, now, chance]);
  });
});
