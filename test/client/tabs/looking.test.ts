import { describe, expect, it } from 'vitest';
import { createTabChannel } from '../../../client/tabs/channel.ts';
import { createLooking } from '../../../client/tabs/looking.ts';
import { createMemoryChannelHub, createSimulatedClock, createSimulatedLifecycle } from '../../harness/index.ts';
import { createDesk } from '../outbox/records.ts';

function createBrowser() {
  const clock = createSimulatedClock();
  const hub = createMemoryChannelHub();
  const desk = createDesk();
  const records = ['1', '2', '3'].map((id) => desk.draft('updateSite', { id }));
  const open = (clientId: string, ...shown: readonly string[]) => {
    const lifecycle = createSimulatedLifecycle();
    const tab = { lifecycle, shown: new Set(shown) as ReadonlySet<string>, looks: 0 };
    const onScreen = (): ReadonlySet<string> => {
      tab.looks++;
      return tab.shown;
    };
    const channel = createTabChannel(hub.open());
    const looking = createLooking({ channel, clock, lifecycle, outbox: { clientId, records: () => records }, onScreen });
    return Object.assign(tab, { looking, seen: () => [...looking.seen()].sort() });
  };
  const turn = async (): Promise<void> => {
    await clock.advance(1_000);
  };
  return { clock, open, turn };
}

describe('what people look at', () => {
  it('is what the tab that sends shows, and of what the others show that which waits', async () => {
    const { open, turn } = createBrowser();
    const leader = open('a', 'Site:1', 'Note:1');
    open('b', 'Site:2', 'Note:2');
    open('c', 'Site:3');
    leader.seen();
    await turn();
    expect(leader.seen()).toEqual(['Note:1', 'Site:1', 'Site:2', 'Site:3']);
  });

  it('is asked for once a second at most, and is the same set while nothing changes', async () => {
    const { clock, open } = createBrowser();
    const leader = open('a', 'Site:1');
    const other = open('b', 'Site:2');
    leader.seen();
    await clock.advance(500);
    const set = leader.looking.seen();
    await clock.advance(400);
    expect(leader.looking.seen()).toBe(set);
    expect([leader.looks, other.looks]).toEqual([1, 1]);
    await clock.advance(100);
    expect(leader.looking.seen()).toBe(set);
    await clock.advance(100);
    expect(leader.looking.seen()).toBe(set);
    expect([leader.looks, other.looks]).toEqual([2, 2]);
  });

  it('is nothing in a tab that is hidden, and comes back with it', async () => {
    const { open, turn } = createBrowser();
    const leader = open('a', 'Site:1');
    const other = open('b', 'Site:2');
    const look = async (): Promise<readonly string[]> => {
      for (let i = 0; i < 3; i++) {
        leader.seen();
        await turn();
      }
      return leader.seen();
    };
    expect(await look()).toEqual(['Site:1', 'Site:2']);
    leader.lifecycle.emit('hide');
    expect(await look()).toEqual(['Site:2']);
    other.lifecycle.emit('hide');
    expect(await look()).toEqual([]);
    leader.lifecycle.emit('show');
    expect(await look()).toEqual(['Site:1']);
  });

  it('of a tab that is gone it is forgotten', async () => {
    const { open, turn } = createBrowser();
    const leader = open('a');
    const other = open('b', 'Site:2');
    leader.seen();
    await turn();
    expect(leader.seen()).toEqual(['Site:2']);
    await turn();
    other.looking.dispose();
    for (let i = 0; i < 2; i++) {
      leader.seen();
      await turn();
    }
    expect(leader.seen()).toEqual([]);
  });
});
