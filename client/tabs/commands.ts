import type { Cancel, Clock, Random } from '../ports.ts';
import type { TabChannel } from './channel.ts';
import type { Leader } from './leader.ts';

/** What a person asks of the whole browser, in whichever tab. */
export interface Commands<Report> {
  /** Done by the tab that leads, which may be this one. */
  flush(): Promise<Report>;
  /** Done in every tab. */
  pause(): void;
  resume(): void;
  dispose(): void;
}

/** How long a follower waits for the leader's word: a frozen leader gives none. */
const PATIENCE_MS = 30_000;

export function createCommands<Report>(
  deps: { readonly channel: TabChannel; readonly leader: Pick<Leader, 'isLeader'>; readonly clock: Clock; readonly random: Random },
  does: { readonly flush: () => Promise<Report>; readonly pause: () => void; readonly resume: () => void },
): Commands<Report> {
  const { channel, leader, clock, random } = deps;

  const stop = channel.subscribe((message) => {
    if (message.kind !== 'command') return;
    if (message.command === 'pause') does.pause();
    if (message.command === 'resume') does.resume();
    if (message.command === 'flush' && leader.isLeader()) {
      void does.flush().then((report) => channel.post({ kind: 'commandDone', request: message.request, report }));
    }
  });

  const askLeader = (): Promise<Report> =>
    new Promise((resolve) => {
      const request = random.id();
      const undo: Cancel[] = [];
      const finish = (report: Report | Promise<Report>): void => {
        for (const cancel of undo) cancel();
        resolve(report);
      };
      undo.push(
        channel.subscribe((message) => message.kind === 'commandDone' && message.request === request && finish(message.report as Report)),
        // Done here it sends nothing, and reports what still waits.
        clock.after(PATIENCE_MS, () => finish(does.flush())),
      );
      channel.post({ kind: 'command', command: 'flush', request });
    });

  const everywhere = (command: 'pause' | 'resume'): void => {
    does[command]();
    channel.post({ kind: 'command', command, request: random.id() });
  };

  return {
    flush: () => (leader.isLeader() ? does.flush() : askLeader()),
    pause: () => everywhere('pause'),
    resume: () => everywhere('resume'),
    dispose: stop,
  };
}
