import type { OfflineManifest } from '../../schema/manifest.ts';

/** The lane of everything whose entities are unknown: such a record runs after all that can be sent before it, and before all after it. */
export const EVERYTHING = '*';

/** The cache id of an entity, as records name it. */
export function cacheId(typename: string, id: string): string {
  return `${typename}:${id}`;
}

/** The entity of this id, of whatever type: all that a mutation tells which takes an id and is not in the manifest. */
export function idKey(id: string): string {
  return `id:${id}`;
}

/** The cache ids of the entities that an input refers to. */
export function referencesOf(
  typename: string | null,
  input: Readonly<Record<string, unknown>>,
  manifest: OfflineManifest | null,
): readonly string[] {
  const fields = typename === null ? undefined : manifest?.types[typename]?.fields;
  return Object.values(fields ?? {}).flatMap((field) => {
    const value = input[field.input];
    return field.kind === 'reference' && (typeof value === 'string' || typeof value === 'number')
      ? [cacheId(field.type, String(value))]
      : [];
  });
}
