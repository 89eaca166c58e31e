import type { Cancel, Clock, Random } from '../ports.ts';
import type { TabChannel } from './channel.ts';
import type { Leader } from './leader.ts';

/**
 * Watches over the leader while this tab waits for it. A tab that the platform has stopped without telling it, or that hangs, holds
 * its lock and sends nothing; whoever waits and gets no sign of life takes the lead from it.
 */
export interface Vigil {
  /** This tab may have begun to wait. */
  look(): void;
  dispose(): void;
}

/** How often a waiting tab asks, and how many times without an answer: messages may be lost, and a busy page answers late. */
export const VIGIL = { askMs: 5_000, misses: 3 } as const;

export function createVigil(deps: {
  readonly channel: TabChannel;
  readonly leader: Pick<Leader, 'isLeader' | 'claim'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether there is something that only the leader can do. */
  readonly waits: () => boolean;
}): Vigil {
  const { channel, leader, clock, random, waits } = deps;
  let cancel: Cancel | null = null;
  let asked: string | null = null;
  let misses = 0;

  const ask = (): void => {
    cancel = null;
    if (leader.isLeader() || !waits()) {
      misses = 0;
      return;
    }
    asked = random.id();
    channel.post({ kind: 'command', command: 'answer', request: asked });
    cancel = clock.after(VIGIL.askMs, () => {
      misses += 1;
      if (misses >= VIGIL.misses) {
        misses = 0;
        leader.claim();
      }
      ask();
    });
  };
  const later = (): void => {
    cancel?.();
    cancel = clock.after(VIGIL.askMs, ask);
  };

  const stop = channel.subscribe((message) => {
    if (message.kind === 'command' && message.command === 'answer' && leader.isLeader())
      channel.post({ kind: 'commandDone', request: message.request, report: null });
    if (message.kind === 'commandDone' && message.request === asked) {
      asked = null;
      misses = 0;
      later();
    }
  });

  return {
    look() {
      if (cancel === null && !leader.isLeader() && waits()) later();
    },
    dispose() {
      stop();
      cancel?.();
    },
  };
}
