import type { Outbox } from '../outbox/outbox.ts';
import { isPending } from '../outbox/record.ts';
import type { Cancel, Clock, Lifecycle } from '../ports.ts';
import type { TabChannel } from './channel.ts';

/** What people look at in this browser, in whichever tab: the one that sends is seldom the one in front. */
export interface Looking {
  /** Cache ids, as records name them. A hint: a moment old, and of another tab perhaps not there. The same set while nothing changes. */
  seen(): ReadonlySet<string>;
  dispose(): void;
}

/** People turn pages at this pace; nobody is asked more often. */
const GOOD_FOR_MS = 1_000;

export function createLooking(deps: {
  readonly channel: TabChannel;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly outbox: Pick<Outbox, 'clientId' | 'records'>;
  /** The entities that this tab shows. */
  readonly onScreen: () => ReadonlySet<string>;
}): Looking {
  const { channel, clock, lifecycle, outbox, onScreen } = deps;
  const others = new Map<string, readonly string[]>();
  let silent = new Set<string>();
  let own: ReadonlySet<string> = new Set();
  let seen: ReadonlySet<string> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let visible = true;

  const hear = (tab: string, ids: readonly string[]): void => {
    silent.delete(tab);
    if (ids.join('\n') === others.get(tab)?.join('\n')) return;
    others.set(tab, ids);
    seen = null;
  };

  const ask = (): void => {
    // Closed, or hidden by another one.
    for (const tab of silent) if (others.delete(tab)) seen = null;
    silent = new Set(others.keys());
    const now: ReadonlySet<string> = visible ? onScreen() : new Set();
    if (now !== own) seen = null;
    own = now;
    channel.post({ kind: 'command', command: 'look', request: '' });
  };

  const answer = (): void => {
    if (!visible) return;
    const shown = onScreen();
    const ids = outbox.records().flatMap((record) => (isPending(record) ? record.writes.filter((key) => shown.has(key)) : []));
    channel.post({ kind: 'looking', tab: outbox.clientId, ids: [...new Set(ids)] });
  };

  const stops: readonly Cancel[] = [
    lifecycle.subscribe((event) => {
      if (event === 'show' || event === 'hide') visible = event === 'show';
    }),
    channel.subscribe((message) => {
      if (message.kind === 'command' && message.command === 'look') answer();
      if (message.kind === 'looking') hear(message.tab, message.ids);
    }),
  ];

  return {
    seen() {
      const now = clock.now();
      if (Math.abs(now - askedAt) >= GOOD_FOR_MS) {
        askedAt = now;
        ask();
      }
      seen ??= new Set([...own, ...[...others.values()].flat()]);
      return seen;
    },
    dispose() {
      for (const stop of stops) stop();
    },
  };
}
