import type { ApolloCache } from '@apollo/client';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { mergeFields } from '../../schema/merge.ts';
import { parseDocument } from '../outbox/document.ts';
import { inputOf, isGenerated, type MutationRecord, writtenFields } from '../outbox/record.ts';
import { readEntity, writeEntity } from './entity.ts';
import { placeInLists, removeFromLists } from './lists.ts';
import { placeNamed } from './place-named.ts';
import { writeResult } from './result.ts';
import type { PendingUpdate } from './shown.ts';

/** What an application registered for a mutation, by operation name. */
export interface OptimisticDefaults {
  readonly optimisticResponse?: ((variables: Record<string, unknown>) => Record<string, unknown>) | undefined;
  readonly update?:
    | ((cache: ApolloCache, result: { readonly data: unknown }, options: { readonly variables: Record<string, unknown> }) => void)
    | undefined;
}

export interface OptimisticContext {
  readonly manifest: OfflineManifest | null;
  readonly defaults: (operationName: string) => OptimisticDefaults;
  readonly ruleOf: (
    typename: string,
    field: string,
    recordId?: string,
  ) => Parameters<typeof mergeFields>[0]['ruleOf'] extends (field: string) => infer R ? R : never;
}

/**
 * What a record shows until it is acknowledged. Made from the record alone, never from closures of the page that made it, so
 * that a reload shows the same. Pure: it runs again whenever the data below it changes.
 */
export function pendingUpdate(record: MutationRecord, context: OptimisticContext): PendingUpdate {
  return (cache) => {
    const data = isGenerated(record) ? showGenerated(cache, record, context) : showCustom(cache, record, context);
    context.defaults(record.operationName).update?.(cache, { data }, { variables: record.variables as Record<string, unknown> });
  };
}

function showGenerated(cache: ApolloCache, record: MutationRecord, { manifest, ruleOf }: OptimisticContext): unknown {
  const { typename, entityId } = record;
  const mutation = manifest?.mutations[record.field];
  if (!manifest || !mutation || typename === null || entityId === null) return null;
  const payload = (entity: unknown) => ({
    [record.responseKey]: { __typename: mutation.payload, [mutation.entity]: entity, mergedFields: [] },
  });

  if (record.kind === 'delete') {
    if (!readEntity(cache, manifest, typename, entityId, { optimistic: true })) return null;
    writeEntity(cache, manifest, typename, { id: entityId, _deleted: true });
    removeFromLists(cache, manifest, typename, entityId);
    return payload({ __typename: typename, id: entityId });
  }

  const now = readEntity(cache, manifest, typename, entityId, { optimistic: true });
  // Its answer was lost, or somebody else has taken the id: what it leaves out is there, and not nothing.
  const isThere = now !== null && now._deleted !== true && (now._version ?? 0) !== 0;
  const values =
    record.kind === 'create'
      ? {
          ...(isThere ? {} : emptyEntity(manifest, typename)),
          ...inputOf(record),
          _version: now?._version ?? 0,
          _lastChangedAt: new Date(record.enqueuedAt).toISOString(),
          _deleted: false,
        }
      : // Onto what the server has by now, as the server will do: a counter shows everybody's counts, not a stale total.
        { id: entityId, ...shownFields(record, typename, now ?? {}, ruleOf) };
  // An update of an entity that is not here would make a row with holes in it.
  if (record.kind === 'update' && !now) return null;
  writeEntity(cache, manifest, typename, values);
  placeInLists(cache, manifest, typename, entityId);
  return payload({ __typename: typename, ...values });
}

function shownFields(
  record: MutationRecord,
  typename: string,
  remote: Readonly<Record<string, unknown>>,
  ruleOf: OptimisticContext['ruleOf'],
): Readonly<Record<string, unknown>> {
  const local = writtenFields(record);
  const merged = mergeFields({ typename, base: record.base ?? {}, local, remote, ruleOf: (field) => ruleOf(typename, field, record.id) });
  const chosen = Object.fromEntries(merged.conflictingFields.map((field) => [field, local[field]]));
  return { ...merged.values, ...chosen };
}

/** Fields that a create leaves out are what the server will make of them: nothing, or an empty list. */
function emptyEntity(manifest: OfflineManifest, typename: string): Readonly<Record<string, unknown>> {
  const fields = Object.values(manifest.types[typename]?.fields ?? {});
  return Object.fromEntries(fields.map((field) => [field.input, field.list && !field.nullable ? [] : null]));
}

function showCustom(cache: ApolloCache, record: MutationRecord, { manifest, defaults }: OptimisticContext): unknown {
  const variables = record.variables as Record<string, unknown>;
  const data = record.optimisticResponse ?? expectedOf(record, defaults(record.operationName)) ?? null;
  if (typeof data === 'object' && data !== null) {
    writeResult(cache, parseDocument(record.document), variables, data as Record<string, unknown>);
    placeNamed(cache, manifest, data);
  }
  return data;
}

/** An application's `optimisticResponse` threw. */
export class OptimisticResponseThrew extends Error {}

function expectedOf({ variables }: MutationRecord, { optimisticResponse }: OptimisticDefaults): unknown {
  try {
    return optimisticResponse?.(variables as Record<string, unknown>);
  } catch (cause) {
    throw new OptimisticResponseThrew(String(cause), { cause });
  }
}
