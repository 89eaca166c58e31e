import { EXTENSION, type OfflineRequest, PROTOCOL_VERSION, RequestLimits } from '../../schema/protocol.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { MutationRecord } from '../outbox/record.ts';

/** One request, whatever transport carries it. */
export interface ReplayRequest {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: { readonly [EXTENSION]: OfflineRequest };
}

/** The request that delivers a record: the same one every time, until the record is rebased. */
export function requestFor(record: MutationRecord, outbox: Pick<Outbox, 'ackedThrough' | 'retired'>): ReplayRequest {
  const retired = outbox.retired().slice(0, RequestLimits.retired);
  return {
    document: record.document,
    operationName: record.operationName,
    variables: record.variables,
    extensions: {
      [EXTENSION]: {
        protocol: PROTOCOL_VERSION,
        clientId: record.clientId,
        ackedThrough: outbox.ackedThrough(record.clientId),
        ...(retired.length > 0 ? { retired } : {}),
        mutations: { [record.responseKey]: { id: record.mutationId, ...(record.base ? { base: record.base } : {}) } },
      },
    },
  };
}
