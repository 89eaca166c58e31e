import type { RequestFault } from './fault.ts';

export const dropResponse: RequestFault = {
  name: 'drop-response',
  says: 'the server did its work, and its answer was lost',
  at: 'request',
  rate: 0.06,
  strike: () => ({ kind: 'dropResponse' }),
};
