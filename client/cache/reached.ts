import { type Cache, type InMemoryCache, isReference, type StoreObject } from '@apollo/client';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';
import type { OfflineCache } from './offline-cache.ts';

/** What one query or fragment reads, by its document: entities, and fields of them as `id field`, by cache id and store name. */
export interface Reached {
  readonly ids: Set<string>;
  readonly fields: Set<string>;
}

/** One read of the cache: a watch is one, too. */
export type Read = Pick<Cache.WatchOptions, 'query' | 'variables' | 'optimistic' | 'lastDiff'> & {
  readonly id?: string;
  readonly rootId?: string;
};

export const fieldKey = (id: string, storeFieldName: string): string => `${id} ${storeFieldName}`;

/**
 * Adds what a read reaches: along its document through the data as it is stored, and in what it has resulted in, because read
 * functions and pending edits lead further. Rather too much than too little.
 */
export function addReached(cache: OfflineCache, read: Read, reached: Reached): void {
  const rootId = read.rootId ?? read.id ?? 'ROOT_QUERY';
  const main = read.query.definitions.find(({ kind }) => kind === 'OperationDefinition') ?? read.query.definitions[0];
  if (main && 'selectionSet' in main)
    walk(cache, { __ref: rootId }, main.selectionSet, { ...read, fragments: fragmentsOf(read.query) }, reached);
  collect(cache, resultOf(cache, read), reached.ids);
}

interface Walking extends Read {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function walk(cache: OfflineCache, value: unknown, selectionSet: SelectionSetNode, walking: Walking, reached: Reached): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(cache, item, selectionSet, walking, reached);
    return;
  }
  const id = isReference(value) ? value.__ref : null;
  if (id !== null) reached.ids.add(id);
  const object = id === null ? (value as StoreObject) : cache.rootEntity(id);
  if (object === undefined) return;
  for (const selection of selectionSet.selections) {
    if (selection.kind !== 'Field') {
      const inner = selection.kind === 'InlineFragment' ? selection : walking.fragments.get(selection.name.value);
      if (inner) walk(cache, value, inner.selectionSet, walking, reached);
      continue;
    }
    const { variables = {} } = walking;
    const typename = object.__typename;
    const name = cache.policies.getStoreFieldName({
      fieldName: selection.name.value,
      field: selection,
      variables,
      ...(typename ? { typename } : {}),
    });
    if (id !== null) reached.fields.add(fieldKey(id, name));
    if (selection.selectionSet) walk(cache, object[name], selection.selectionSet, walking, reached);
  }
}

const fragments = new WeakMap<DocumentNode, ReadonlyMap<string, FragmentDefinitionNode>>();

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const known = fragments.get(document);
  if (known) return known;
  const found = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition] as const] : [],
    ),
  );
  fragments.set(document, found);
  return found;
}

function resultOf(cache: InMemoryCache, read: Read): unknown {
  if (read.lastDiff) return read.lastDiff.result;
  try {
    return cache.diff<unknown>({ ...read, returnPartialData: true }).result;
  } catch {
    // A read function that throws says so where its result is asked for.
    return null;
  }
}

function collect(cache: InMemoryCache, value: unknown, ids: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const id = '__typename' in value ? identify(cache, value as StoreObject) : undefined;
  if (id !== undefined) ids.add(id);
  for (const inner of Object.values(value)) collect(cache, inner, ids);
}

function identify(cache: InMemoryCache, object: StoreObject): string | undefined {
  try {
    return cache.identify(object);
  } catch {
    // Its key fields are not in the selection.
    return undefined;
  }
}
