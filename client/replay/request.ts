import { EXTENSION, type OfflineRequest, PROTOCOL_VERSION, RequestLimits } from '../../schema/protocol.ts';
import { MERGED_OPERATION } from '../outbox/merged-document.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { MutationRecord } from '../outbox/record.ts';
import { batchDocument } from './document-batch.ts';

/** One request, whatever transport carries it. */
export interface ReplayRequest {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: { readonly [EXTENSION]: OfflineRequest };
}

/** The request that delivers records of one client; `keys`: the response key of each. */
export function requestFor(
  records: readonly MutationRecord[],
  outbox: Pick<Outbox, 'ackedThrough' | 'retired'>,
): { readonly request: ReplayRequest; readonly keys: readonly string[] } {
  const first = records[0] as MutationRecord;
  const retired = outbox.retired().slice(0, RequestLimits.retired);
  const { keys, ...body } =
    records.length === 1
      ? { document: first.document, operationName: first.operationName, variables: first.variables, keys: [first.responseKey] }
      : { ...batchDocument(records), operationName: MERGED_OPERATION };
  const entries = records.map(
    ({ mutationId, base, clock, lease }, index) =>
      [
        keys[index] as string,
        {
          id: mutationId,
          ...(base ? { base } : {}),
          ...(clock === undefined ? {} : { clock }),
          ...(lease === undefined ? {} : { lease }),
        },
      ] as const,
  );
  const offline: OfflineRequest = {
    protocol: PROTOCOL_VERSION,
    clientId: first.clientId,
    ackedThrough: outbox.ackedThrough(first.clientId),
    ...(retired.length > 0 ? { retired } : {}),
    mutations: Object.fromEntries(entries),
  };
  return { request: { ...body, extensions: { [EXTENSION]: offline } }, keys };
}
