import type { Oracle } from './oracle.ts';

/** With every fault ended and every decision made, nothing is left waiting. */
export const drained: Oracle = {
  invariant: 'I15',
  promise: 'Liveness',
  judge({ listed }) {
    return [...listed].flatMap(([tab, outbox]) =>
      outbox.map(({ ticket, record, state, code, waitingFor }) => ({
        figure: 'other' as const,
        says: `${ticket ?? record} is still ${state} in ${tab}${code ? ` (${code})` : ''}${waitingFor.length > 0 ? `, waiting for ${waitingFor.join(', ')}` : ''}`,
        about: ticket ? [ticket] : [],
      })),
    );
  },
};
