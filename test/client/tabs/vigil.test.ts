import { expect, test } from 'vitest';
import { createTabChannel } from '../../../client/tabs/channel.ts';
import { createVigil, VIGIL } from '../../../client/tabs/vigil.ts';
import { createMemoryChannelHub, createSeededRandom, createSimulatedClock } from '../../harness/index.ts';

function setUp() {
  const clock = createSimulatedClock();
  const hub = createMemoryChannelHub();
  const open = (seed: number, leads: boolean) => {
    const state = { leads, waits: false, claims: 0 };
    const channel = createTabChannel(hub.open());
    const vigil = createVigil({
      channel,
      leader: {
        isLeader: () => state.leads,
        claim() {
          state.claims += 1;
          state.leads = true;
        },
      },
      clock,
      random: createSeededRandom(seed),
      waits: () => state.waits,
    });
    return { state, vigil, channel };
  };
  return { clock, hub, open };
}

test('a leader that answers keeps the lead, however long somebody waits', async () => {
  const { clock, open } = setUp();
  open(1, true);
  const follower = open(2, false);
  follower.state.waits = true;
  follower.vigil.look();
  await clock.advance(10 * 60_000);
  expect(follower.state.claims).toBe(0);
});

test('a leader that gives no sign of life loses the lead to the one who waits, within twenty seconds', async () => {
  const { clock, open } = setUp();
  const frozen = open(1, true);
  frozen.channel.close();
  const follower = open(2, false);
  follower.state.waits = true;
  follower.vigil.look();
  await clock.advance(VIGIL.askMs * VIGIL.misses);
  expect(follower.state.claims).toBe(0);
  await clock.advance(VIGIL.askMs);
  expect(follower.state.claims).toBe(1);
});

test('a few lost messages are no death', async () => {
  const { clock, hub, open } = setUp();
  open(1, true);
  const follower = open(2, false);
  follower.state.waits = true;
  hub.lossy = true;
  follower.vigil.look();
  await clock.advance(VIGIL.askMs * 2);
  hub.lossy = false;
  await clock.advance(10 * 60_000);
  expect(follower.state.claims).toBe(0);
});

test('who waits for nothing asks nobody', async () => {
  const { clock, hub, open } = setUp();
  open(1, true);
  const follower = open(2, false);
  follower.vigil.look();
  await clock.advance(60_000);
  follower.state.waits = true;
  follower.vigil.look();
  await clock.advance(VIGIL.askMs);
  expect(hub.log).toHaveLength(2);
  follower.state.waits = false;
  await clock.advance(60_000);
  expect(hub.log).toHaveLength(2);
  follower.vigil.dispose();
});
