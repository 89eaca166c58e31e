import type { RequestFault } from './fault.ts';

export const duplicate: RequestFault = {
  name: 'duplicate',
  says: 'the server got the request twice',
  at: 'request',
  rate: 0.05,
  strike: () => ({ kind: 'duplicate' }),
};
