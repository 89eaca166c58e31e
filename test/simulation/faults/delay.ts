import type { RequestFault } from './fault.ts';

/** Long enough to be overtaken; now and then longer than anybody waits. */
export const delay: RequestFault = {
  name: 'delay',
  says: 'the request or its answer was a long time under way',
  at: 'request',
  rate: 0.08,
  strike(draw) {
    const ms = draw > 0.9 ? 90_000 : Math.round(300 + draw * 12_000);
    return Math.floor(draw * 1_000) % 2 === 0 ? { kind: 'delay', requestMs: ms } : { kind: 'delay', responseMs: ms };
  },
};
