import type { RequestFault } from './fault.ts';

const CODES = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT'] as const;

/** A gateway that answers everything with 200, and says in the body that it did not work out. Now and then the server had done it. */
export const errorsInAnswer: RequestFault = {
  name: 'errors-in-answer',
  says: 'something in front of the server answered 200 with errors',
  at: 'request',
  rate: 0.04,
  since: 2,
  strike(draw) {
    const code = CODES[Math.floor(draw * CODES.length)] as (typeof CODES)[number];
    const rest = (draw * CODES.length) % 1;
    const error = {
      message: 'Not now',
      extensions: { code, ...(code === 'RATE_LIMITED' ? { retryAfterMs: Math.floor(rest * 60_000) } : {}) },
    };
    return {
      kind: 'status',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rest < 0.5 ? { errors: [error] } : { data: null, errors: [error] }),
      afterWork: rest % 0.5 > 0.25,
    };
  },
};
