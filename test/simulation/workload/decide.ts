import { decide } from '../world/person.ts';
import type { Action } from './action.ts';

/** Somebody looks into the outbox and decides what waits for a decision. */
export const decideSomething: Action = {
  name: 'decide',
  weight: 4,
  run({ world, tab }) {
    const next = tab.outbox().find(({ state }) => state === 'conflict' || state === 'dead');
    // Its disk may fail meanwhile: then it never comes to its end.
    if (next) void decide(world, tab, next.record);
  },
};
