import { gql } from '@apollo/client';
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../harness/world.ts';

let world: World;
afterEach(() => world.close());

const SAVE = { mutation: gql('mutation { createList(input: { name: "a" }) { __typename } }') };

test.each([
  ['promises', async () => true, true],
  ['promises nothing', async () => false, false],
  ['cannot be asked', async () => Promise.reject(new Error('no')), null],
])('the browser is asked once, when there is something to lose; it %s', async (_, answer: () => Promise<boolean>, persistent) => {
  world = await createWorld();
  let asked = 0;
  const device = world.device('ada');
  const request = (): Promise<boolean> => {
    asked += 1;
    return answer();
  };
  const { clock } = world;
  device.setOnline(false);
  const tab = await device.open();
  const { lifecycle } = tab;
  await tab.close();
  const asking = await device.open({ ports: { clock, lifecycle, persistence: { request } } });
  expect([asked, asking.offline.status.get().persistent]).toEqual([0, null]);
  await asking.offline.mutate(SAVE);
  await asking.offline.mutate(SAVE);
  await clock.settle();
  expect([asked, asking.offline.status.get().persistent]).toEqual([1, persistent]);
});
