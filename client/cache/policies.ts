import { type FieldPolicy, isReference } from '@apollo/client';
import type { ManifestField, OfflineManifest } from '../../schema/manifest.ts';
import { asksForIdOnly } from '../../schema/selection.ts';
import { referencedId } from './entity.ts';
import type { OfflineCache } from './offline-cache.ts';

/**
 * Tells Apollo what the manifest knows: the members of generated unions, and that `todo(id)` is the entity of that id, so that a
 * detail page opens offline although only a list was ever fetched. A read function of the application's own is left alone.
 */
export function addManifestPolicies(cache: OfflineCache, manifest: OfflineManifest): void {
  const mutations = Object.values(manifest.mutations);
  // Without a conflict type there is no union.
  const results = mutations.flatMap(({ payload, conflict }) =>
    conflict === undefined ? [] : [[payload.replace(/Payload$/, 'Result'), [payload, conflict, 'MutationRejected']] as const],
  );
  cache.policies.addPossibleTypes({
    ...Object.fromEntries(results),
    Versioned: Object.keys(manifest.types),
    Conflict: [...new Set(mutations.flatMap(({ conflict }) => conflict ?? []))],
  });

  const fields: Record<string, FieldPolicy> = {};
  for (const [name, { kind, typename }] of Object.entries(manifest.queries)) {
    if (kind === 'entity' && !cache.policies.getReadFunction('Query', name)) fields[name] = { read: entityOfId(typename) };
  }
  cache.policies.addTypePolicies({ Query: { fields } });

  for (const [typename, type] of Object.entries(manifest.types)) {
    const references: Record<string, FieldPolicy> = {};
    for (const [name, field] of Object.entries(type.fields)) {
      const isOne = field.kind === 'reference' && !field.list;
      if (isOne && !cache.policies.getReadFunction(typename, name)) references[name] = { read: referenceOf(cache, field) };
    }
    cache.policies.addTypePolicies({ [typename]: { fields: references } });
  }
}

/**
 * A reference to what is not here: of its id there is no need to ask anybody, and where the entity was taken away the server would answer
 * with nothing. Otherwise no list with that row could be read before it is fetched again, and without a network it cannot be.
 */
function referenceOf(cache: OfflineCache, declared: ManifestField): NonNullable<FieldPolicy['read']> {
  return (existing, { canRead, field }) => {
    // Without a selection somebody asks for the reference itself.
    if (field === null || !isReference(existing) || canRead(existing)) return existing;
    if (asksForIdOnly([field])) return { __typename: declared.type, id: referencedId(declared, existing) };
    return declared.nullable && cache.tombstones.isHidden(existing.__ref) ? null : existing;
  };
}

function entityOfId(typename: string): NonNullable<FieldPolicy['read']> {
  return (existing, { args, toReference, canRead }) => {
    // `null` is an answer: it is not there, or is gone.
    if (existing !== undefined || typeof args?.id !== 'string') return existing;
    const reference = toReference({ __typename: typename, id: args.id });
    return canRead(reference) ? reference : undefined;
  };
}
