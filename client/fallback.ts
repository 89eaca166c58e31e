import type { DocumentNode } from 'graphql';
import { OfflineError } from './errors.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { MutationRecord } from './outbox/record.ts';
import { dependentsOf } from './replay/lanes.ts';
import type { MutateOptions, Ticket } from './ticket.ts';

/** A mutation that was not sent by its deadline. */
export interface ExpiredMutation {
  /** Of its record. */
  readonly id: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
  /** Requests that carried it and had no answer: above 0 it may have been applied all the same. */
  readonly attempts: number;
}

/**
 * What to do about a mutation that could not be sent by its deadline. Whatever it answers, the caller of the mutation hears `EXPIRED`.
 *
 * - Another mutation: it is queued in place of the expired one, which is then gone, unless other records stand on it.
 * - Nothing: the expired one stays among the dead letters, until a person decides.
 * - It throws: the same, and the event `FALLBACK_THREW` names the record.
 *
 * Runs once, in the tab that sends, also while there is no network; after a crash in the middle the dead letter is still there.
 */
export type Fallback = (expired: ExpiredMutation) => Instead | Promise<Instead>;
type Instead = MutateOptions<Record<string, unknown>> | null | undefined;

/** Carries out fallbacks, for records that are dead letters by now. */
export function createFallbacks(deps: {
  readonly outbox: Pick<Outbox, 'get' | 'records' | 'remove'>;
  readonly fallbackOf: (operationName: string) => Fallback | undefined;
  readonly mutate: (call: MutateOptions<Record<string, unknown>>) => Promise<Ticket>;
  readonly onEvent: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
}): (expired: MutationRecord) => Promise<void> {
  const { outbox, fallbackOf, mutate, onEvent } = deps;
  return async ({ id, operationName, variables, enqueuedAt, attempts }) => {
    const fallback = fallbackOf(operationName);
    if (!fallback) return;
    try {
      const call = await fallback(Object.freeze({ id, operationName, variables, enqueuedAt, attempts }));
      if (!call) return;
      if ((call.mutation as DocumentNode | undefined)?.kind !== 'Document')
        throw new OfflineError('INVALID_OPERATION', 'expected { mutation, variables } with a document, got something else', {
          recordId: id,
        });
      const ticket = await mutate(call);
      onEvent({
        code: 'FALLBACK_QUEUED',
        message: `${operationName} was not sent by its deadline; its fallback waits as ${ticket.id}`,
        key: id,
      });
      if (outbox.get(id)?.failure?.code === 'EXPIRED' && dependentsOf(outbox.records(), id).length === 0) await outbox.remove(id);
    } catch (error) {
      onEvent({ code: 'FALLBACK_THREW', message: `${operationName}: ${String(error)}; it is kept among the dead letters`, key: id });
    }
  };
}
