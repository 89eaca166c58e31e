import type { RequestFault } from './fault.ts';

export const captivePortal: RequestFault = {
  name: 'captive-portal',
  says: 'a captive portal answered: a web page, with status 200',
  at: 'request',
  rate: 0.03,
  strike: () => ({ kind: 'html' }),
};
