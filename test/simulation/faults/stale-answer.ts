import type { RequestFault } from './fault.ts';

/**
 * A proxy that keeps answers to queries gives one from before. Not of a full resync: nothing tells an old first page from a
 * server that was put back to a backup, and there the server has to be right.
 */
export const staleAnswer: RequestFault = {
  name: 'stale-answer',
  says: 'a proxy answered with what the server had said before',
  at: 'request',
  rate: 0.04,
  applies: ({ body }) => !isMutation(body) && !isFullResync(body),
  strike: () => ({ kind: 'stale' }),
};

function isMutation(body: unknown): boolean {
  return String((body as { readonly query?: unknown } | null)?.query).startsWith('mutation');
}

function isFullResync(body: unknown): boolean {
  const variables = (body as { readonly variables?: { readonly since?: unknown } } | null)?.variables;
  return variables !== undefined && 'since' in variables && variables.since === null;
}
