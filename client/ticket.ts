import type { ApolloClient } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import { notDurable } from './links/outbox-link.ts';
import type { CallOptions } from './outbox/call-options.ts';
import type { Enqueue } from './outbox/enqueue.ts';
import type { MutationRecord } from './outbox/record.ts';
import type { SettledOperation } from './outbox/tickets.ts';

/** The receipt for a mutation that is durable. */
export interface Ticket<TData = unknown> {
  /** Of the (first) record in the outbox. */
  readonly id: string;
  /** The ids of the entities that it creates or changes, by response key: a create without an id was given one. */
  readonly entityIds: Readonly<Record<string, string>>;
  /**
   * Resolves when the server has acknowledged the mutation. Rejects with `OfflineError` when it needs a person
   * (`CONFLICT_PARKED`, `MUTATION_REJECTED`, `EXPIRED`: the record is kept) or is gone (`DISCARDED`). Nobody has to listen.
   */
  readonly settled: Promise<{ readonly data: TData; readonly errors: SettledOperation['errors'] }>;
}

export interface MutateOptions<TVariables> {
  readonly mutation: DocumentNode;
  readonly variables?: TVariables | undefined;
  readonly optimisticResponse?: unknown;
  readonly context?: { readonly offline?: CallOptions } & Record<string, unknown>;
}

/** Enqueues a mutation past Apollo's own bookkeeping: the promise is about durability, the ticket about the server. */
export async function issueTicket<TData, TVariables>(
  client: ApolloClient,
  enqueue: Enqueue,
  options: MutateOptions<TVariables>,
): Promise<Ticket<TData>> {
  const document = client.documentTransform.transformDocument(options.mutation);
  const { promise, resolve, reject } = deferred<{ readonly data: TData; readonly errors: SettledOperation['errors'] }>();
  // An unheard rejection is not an error of the page: the record stands in the outbox for all to see.
  promise.catch(() => undefined);
  let records: readonly MutationRecord[];
  try {
    records = await enqueue(
      {
        document,
        variables: (options.variables ?? {}) as Readonly<Record<string, unknown>>,
        optimisticResponse: options.optimisticResponse,
        options: options.context?.offline,
      },
      { settled: ({ data, errors }) => resolve({ data: data as TData, errors }), failed: reject },
    );
  } catch (cause) {
    throw notDurable(cause, undefined);
  }
  return {
    id: records[0]?.id ?? '',
    entityIds: Object.fromEntries(records.flatMap((record) => (record.entityId === null ? [] : [[record.responseKey, record.entityId]]))),
    settled: promise,
  };
}

/** `Promise.withResolvers`, which Node 20 and Safari before 17.4 lack. */
function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void; reject(reason: unknown): void } {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
