import { LISTS, TODOS } from '../world/app.ts';
import type { Action } from './action.ts';

/** Somebody pulls the page down to fetch it anew, or asks for what changed. */
export const look: Action = {
  name: 'look',
  weight: 4,
  run({ random, tab }) {
    if (random.chance(0.5)) void tab.offline.sync.pull().catch(() => undefined);
    else void tab.client.query({ query: random.pick([TODOS, LISTS]), fetchPolicy: 'network-only' }).catch(() => undefined);
  },
};
