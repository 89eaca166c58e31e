import type { RequestFault } from './fault.ts';

export const rateLimited: RequestFault = {
  name: 'rate-limited',
  says: 'the server asked to come back later',
  at: 'request',
  rate: 0.02,
  strike: (draw) => ({ kind: 'status', status: draw < 0.5 ? 429 : 503, headers: { 'retry-after': String(1 + Math.floor(draw * 60)) } }),
};
