import type { OfflineManifest } from '../../schema/manifest.ts';

/**
 * The plainest document of a generated mutation, for records that no component wrote: a restored entity, an update that was a
 * create. The conflict link adds what the client reads from the answer.
 */
export function generatedDocument(manifest: OfflineManifest, kind: 'create' | 'update', typename: string) {
  const found = Object.entries(manifest.mutations).find(([, mutation]) => mutation.kind === kind && mutation.typename === typename);
  if (!found) throw new TypeError(`expected a generated ${kind} mutation for ${typename} in the manifest, got none`);
  const [field, mutation] = found;
  const operationName = field.charAt(0).toUpperCase() + field.slice(1);
  return {
    operationName,
    field,
    responseKey: field,
    document: `mutation ${operationName}($input: ${mutation.inputType}!) {\n  ${field}(${mutation.input}: $input) {\n    __typename\n  }\n}`,
  } as const;
}
