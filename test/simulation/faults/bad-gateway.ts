import type { RequestFault } from './fault.ts';

/** A proxy, or a server that cannot now. */
export const badGateway: RequestFault = {
  name: 'bad-gateway',
  says: 'something in front of the server answered with an error status',
  at: 'request',
  rate: 0.04,
  strike(draw) {
    const status = [408, 425, 500, 502, 503, 504][Math.floor(draw * 6)] as number;
    return { kind: 'status', status, body: status === 503 ? 'Service Unavailable' : '' };
  },
};
