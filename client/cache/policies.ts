import type { FieldPolicy, InMemoryCache } from '@apollo/client';
import type { OfflineManifest } from '../../schema/manifest.ts';

/**
 * Tells Apollo what the manifest knows: the members of generated unions, and that `todo(id)` is the entity of that id, so that a
 * detail page opens offline although only a list was ever fetched. A read function of the application's own is left alone.
 */
export function addManifestPolicies(cache: InMemoryCache, manifest: OfflineManifest): void {
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
}

function entityOfId(typename: string): NonNullable<FieldPolicy['read']> {
  return (existing, { args, toReference, canRead }) => {
    // `null` is an answer: it is not there, or is gone.
    if (existing !== undefined || typeof args?.id !== 'string') return existing;
    const reference = toReference({ __typename: typename, id: args.id });
    return canRead(reference) ? reference : undefined;
  };
}
