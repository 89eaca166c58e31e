import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { ManifestMutation, OfflineManifest } from '../../schema/manifest.ts';
import { entitySelection } from '../../schema/selection.ts';

/**
 * Completes a mutation's document by what replay needs of its answer, whoever sends it: the conflict payload, the refusal, the
 * whole entity with its version. Each once: the same document gives the same result, by identity.
 */
export function createCompletion(manifest: OfflineManifest): (document: DocumentNode) => DocumentNode {
  const completed = new WeakMap<DocumentNode, DocumentNode>();
  return (document) => {
    const known = completed.get(document);
    if (known) return known;
    const result = completeDocument(document, manifest);
    completed.set(document, result);
    return result;
  };
}

function completeDocument(document: DocumentNode, manifest: OfflineManifest): DocumentNode {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  let changed = false;
  const completeRoot = (selection: SelectionNode): SelectionNode => {
    const mutation = selection.kind === Kind.FIELD ? manifest.mutations[selection.name.value] : undefined;
    if (!mutation || selection.kind !== Kind.FIELD || !selection.selectionSet) return selection;
    changed = true;
    const added = completion(manifest, mutation, renamedKeys(selection.selectionSet, mutation, fragments));
    return {
      ...selection,
      selectionSet: { ...selection.selectionSet, selections: [...selection.selectionSet.selections, ...added] },
    } satisfies FieldNode;
  };
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'mutation'
      ? ({
          ...definition,
          selectionSet: { ...definition.selectionSet, selections: definition.selectionSet.selections.map(completeRoot) },
        } satisfies OperationDefinitionNode)
      : definition,
  );
  return changed ? { ...document, definitions } : document;
}

/**
 * `code` goes by another name: a conflict's is an enum and a refusal's a string, and one response key may not have two types
 * (GraphQL, "Same Response Shape").
 */
function completion(manifest: OfflineManifest, mutation: ManifestMutation, taken: ReadonlySet<string>): readonly SelectionNode[] {
  const lease = mutation.lease ? 'lease { holder isYours expiresAt }' : '';
  const entity = `{ ${entitySelection(manifest, mutation.typename, taken)} }`;
  // Where a conflict is an error it comes unasked.
  const others =
    mutation.conflict === undefined
      ? ''
      : `... on ${mutation.conflict} { conflictCode: code message currentVersion conflictingFields ${lease} server ${entity} }
    ... on MutationRejected { rejectedCode: code message field }`;
  const text = `{
    __typename
    ... on ${mutation.payload} { mergedFields ${mutation.entity} ${entity} }
    ${others}
  }`;
  const [definition] = parse(text, { noLocation: true }).definitions;
  return (definition as OperationDefinitionNode).selectionSet.selections;
}

/** Response keys in the entity that the document gives to something else than the field of that name alone; adding the field would clash. */
function renamedKeys(
  set: SelectionSetNode,
  mutation: ManifestMutation,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ReadonlySet<string> {
  const taken = new Set<string>();
  fieldsIn(set, fragments, (field) => {
    if (keyOf(field) !== mutation.entity && keyOf(field) !== 'server') return;
    fieldsIn(field.selectionSet, fragments, (inner) => {
      if (isRenamed(inner)) return void taken.add(keyOf(inner));
      // A reference is added as `{ __typename id }`.
      fieldsIn(inner.selectionSet, fragments, (leaf) => {
        if (isRenamed(leaf) && (keyOf(leaf) === 'id' || keyOf(leaf) === '__typename')) taken.add(keyOf(inner));
      });
    });
  });
  return taken;
}

function fieldsIn(
  set: SelectionSetNode | undefined,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  visit: (field: FieldNode) => void,
): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) visit(selection);
    else
      fieldsIn(
        selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : fragments.get(selection.name.value)?.selectionSet,
        fragments,
        visit,
      );
  }
}

const keyOf = (field: FieldNode): string => field.alias?.value ?? field.name.value;
const isRenamed = (field: FieldNode): boolean => keyOf(field) !== field.name.value || (field.arguments?.length ?? 0) > 0;
