import { noteDiscarded } from '../world/person.ts';
import type { Action } from './action.ts';

/** Somebody takes back what still waits. */
export const secondThoughts: Action = {
  name: 'second-thoughts',
  weight: 1,
  run({ world, random, tab }) {
    const waiting = tab.outbox().filter(({ state }) => state === 'queued');
    if (waiting.length === 0) return;
    const { record } = random.pick(waiting);
    noteDiscarded(world, tab, record);
    tab.offline.outbox.discard(record).catch((error: unknown) => world.history.note({ kind: 'note', text: String(error) }));
  },
};
