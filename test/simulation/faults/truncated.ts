import type { RequestFault } from './fault.ts';

export const truncated: RequestFault = {
  name: 'truncated',
  says: 'half of the answer arrived',
  at: 'request',
  rate: 0.03,
  strike: () => ({ kind: 'truncated' }),
};
