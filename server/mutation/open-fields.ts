import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { ManifestField } from '../../schema/manifest.ts';

/** What the resolver of a field does, where it does the same for everybody who sees the entity: reads a property, or gives a reference. */
export type OpenField = 'property' | Pick<ManifestField, 'input' | 'type'>;

const open = new WeakMap<object, OpenField>([[defaultFieldResolver, 'property']]);

/** `null`: a resolver of the application's own, which may do anything. */
export function openFieldOf(resolve: object | undefined): OpenField | null {
  return open.get(resolve ?? defaultFieldResolver) ?? null;
}

/** The references of a schema whose resolvers are the library's own, by what resolves them now: schema tools wrap what they are given. */
export function noteReferences(
  schema: GraphQLSchema,
  fields: Iterable<readonly [typename: string, name: string, field: ManifestField]>,
): void {
  for (const [typename, name, { input, type: target }] of fields) {
    const type = schema.getType(typename);
    const resolve = isObjectType(type) ? type.getFields()[name]?.resolve : undefined;
    if (resolve !== undefined) open.set(resolve, { input, type: target });
  }
}
