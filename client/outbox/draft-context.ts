import { createCreatedIds } from './created-ids.ts';
import type { DraftContext } from './draft.ts';
import type { Outbox } from './outbox.ts';

type FromOutbox = 'clientId' | 'nextMutationId' | 'nextSequence' | 'records' | 'created';

/** What a draft is made from, as far as the outbox knows it. */
export function draftContext(outbox: Outbox, rest: Omit<DraftContext, FromOutbox>): DraftContext {
  const { clientId, nextMutationId, nextSequence, records } = outbox;
  return { ...rest, clientId, nextMutationId, nextSequence, records, created: createCreatedIds(outbox) };
}
