import type { RequestFault } from './fault.ts';

export const dropRequest: RequestFault = {
  name: 'drop-request',
  says: 'the request never reached the server',
  at: 'request',
  rate: 0.06,
  strike: () => ({ kind: 'dropRequest' }),
};
