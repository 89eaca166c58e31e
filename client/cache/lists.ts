import { type ApolloCache, isReference, type Reference } from '@apollo/client';
import { compareRows, type Filter, matches, type Order, type ReadField } from '../../schema/list.ts';
import type { ManifestField, OfflineManifest } from '../../schema/manifest.ts';
import { VERSIONED_FIELDS } from '../../schema/protocol.ts';
import { entityKey, referencedId } from './entity.ts';
import { parseListField } from './list-field.ts';

/**
 * Keeps generated lists right without hand-written updaters: after a change of these entities, wherever it came from, each
 * stored list that can know has them inserted, moved or removed. Where filter or order need a field that the cache does not
 * have, the list stays as it is. Works on the layer of a pending update and on the data.
 */
export function placeInLists(cache: ApolloCache, manifest: OfflineManifest, typename: string, ids: string | readonly string[]): void {
  const references = referencesTo(cache, typename, ids);
  modifyQueries(cache, manifest, typename, {
    list: (list, page) => references.reduce((current, reference) => place(current, reference, page), list),
    // An id that gave nothing when it was asked for may have been made since.
    entity: (stored, id, readField) =>
      stored === null ? (references.find((ref) => readField('id', ref) === id && !isGone(ref, readField)) ?? stored) : stored,
  });
}

/** Takes entities out of every stored list, and out of the query fields that name them. */
export function removeFromLists(cache: ApolloCache, manifest: OfflineManifest, typename: string, ids: string | readonly string[]): void {
  const gone = new Set(referencesTo(cache, typename, ids).map((reference) => reference.__ref));
  modifyQueries(cache, manifest, typename, {
    list: (list) => without(list, (reference) => gone.has(reference.__ref)),
    entity: (stored) => (isReference(stored) && gone.has(stored.__ref) ? null : stored),
  });
}

/** How many rows a page has when the query does not say: the default of generated schemas. */
const DEFAULT_PAGE_SIZE = 100;

interface StoredList {
  readonly nodes: readonly Reference[];
  readonly pageInfo?: { readonly hasNextPage?: boolean } | null;
  readonly totalCount?: number | null;
}

/** One stored page, and how to read its rows. */
interface Page {
  readonly filter: Filter | null;
  readonly order: readonly Order[];
  readonly first: number;
  /** It continues another page, so that what sorts before its first row may belong there. */
  readonly isContinuation: boolean;
  row(reference: Reference): ReadField;
}

type StoreReadField = (field: string, reference: Reference) => unknown;

interface Modifiers {
  list(list: StoredList, page: Page): StoredList;
  entity(stored: unknown, id: unknown, readField: StoreReadField): unknown;
}

function modifyQueries(cache: ApolloCache, manifest: OfflineManifest, typename: string, modifiers: Modifiers): void {
  const type = manifest.types[typename];
  if (type === undefined) return;
  const inputs = new Map(Object.entries(type.fields).map(([name, field]) => [field.input, { name, field }] as const));
  const fields: Record<string, (stored: unknown, details: { storeFieldName: string; readField: unknown }) => unknown> = {};
  for (const [queryField, query] of Object.entries(manifest.queries)) {
    if (query.typename !== typename) continue;
    fields[queryField] = (stored, { storeFieldName, readField }) => {
      const read: StoreReadField = (field, reference) => (readField as (field: string, from: Reference) => unknown)(field, reference);
      const parsed = parseListField(storeFieldName, queryField);
      if (parsed === null) return stored;
      if (query.kind === 'entity') return modifiers.entity(stored, parsed.args?.id, read);
      if (!isStoredList(stored) || parsed.args === null) return stored;
      const { filter, orderBy, first, after } = parsed.args;
      return modifiers.list(stored, {
        filter: (filter ?? null) as Filter | null,
        order: orderOf(orderBy),
        first: typeof first === 'number' ? first : DEFAULT_PAGE_SIZE,
        isContinuation: after != null,
        row: (reference) => rowReader(inputs, reference, read),
      });
    };
  }
  cache.modify({ id: 'ROOT_QUERY', fields });
}

function place(list: StoredList, reference: Reference, page: Page): StoredList {
  const row = page.row(reference);
  const at = list.nodes.findIndex((node) => node.__ref === reference.__ref);
  const belongs = row('id') !== undefined && row('_deleted') !== true && matches(page.filter, row);
  if (belongs === null) return list;
  if (belongs === false) return at === -1 ? list : without(list, (node) => node.__ref === reference.__ref);
  if (page.order.some(({ field }) => row(field) === undefined)) return list;

  if (at !== -1 && isInPlace(list.nodes, at, row, page)) return list;
  const others = at === -1 ? list.nodes : list.nodes.toSpliced(at, 1);
  const index = indexFor(others, row, page);
  if (at !== -1) return index === at ? list : { ...list, nodes: others.toSpliced(index, 0, reference) };
  // Before the first row of a later page, or past the last row of a page that is not the last: some other page's, or nobody knows.
  if (index === 0 && page.isContinuation) return list;
  if (index === others.length && !isLastPage(list, page)) return list;
  return counted({ ...list, nodes: others.toSpliced(index, 0, reference) }, 1);
}

/** Rows whose keys are unknown cannot tell; a row stays where the server put it unless its neighbours say otherwise. */
function isInPlace(nodes: readonly Reference[], at: number, row: ReadField, page: Page): boolean {
  const [before, after] = [nodes[at - 1], nodes[at + 1]].map((node) => node && page.row(node));
  const follows = before === undefined || !isComparable(before, page) || compareRows(page.order, before, row) <= 0;
  return follows && (after === undefined || !isComparable(after, page) || compareRows(page.order, row, after) <= 0);
}

function isComparable(row: ReadField, page: Page): boolean {
  return row('id') !== undefined && page.order.every(({ field }) => row(field) !== undefined);
}

/** Where a row belongs among rows that are in order already; rows whose keys are unknown cannot tell. */
function indexFor(nodes: readonly Reference[], row: ReadField, page: Page): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = page.row(nodes[middle] as Reference);
    if (!isComparable(other, page)) {
      const index = nodes.findIndex((node) => {
        const each = page.row(node);
        return isComparable(each, page) && compareRows(page.order, row, each) < 0;
      });
      return index === -1 ? nodes.length : index;
    }
    if (compareRows(page.order, row, other) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isLastPage(list: StoredList, page: Page): boolean {
  return list.pageInfo?.hasNextPage === undefined ? list.nodes.length < page.first : !list.pageInfo.hasNextPage;
}

function without(list: StoredList, isGone: (reference: Reference) => boolean): StoredList {
  const nodes = list.nodes.filter((node) => !isGone(node));
  const removed = list.nodes.length - nodes.length;
  return removed === 0 ? list : counted({ ...list, nodes }, -removed);
}

function counted(list: StoredList, change: number): StoredList {
  return typeof list.totalCount === 'number' ? { ...list, totalCount: Math.max(0, list.totalCount + change) } : list;
}

/** A row by input field name, as filters and orders name its fields; `undefined`: not in the cache. */
function rowReader(
  inputs: ReadonlyMap<string, { readonly name: string; readonly field: ManifestField }>,
  reference: Reference,
  read: StoreReadField,
): ReadField {
  return (input) => {
    const known = inputs.get(input);
    if (known === undefined) return (VERSIONED_FIELDS as readonly string[]).includes(input) ? read(input, reference) : undefined;
    const stored = read(known.name, reference);
    return known.field.kind === 'reference' && stored !== undefined ? referencedId(known.field, stored) : stored;
  };
}

function isGone(reference: Reference, read: StoreReadField): boolean {
  return read('_deleted', reference) === true;
}

function orderOf(orderBy: unknown): readonly Order[] {
  if (Array.isArray(orderBy)) return orderBy as readonly Order[];
  return typeof orderBy === 'object' && orderBy !== null ? [orderBy as Order] : [];
}

/** Rows of lists that were seen before: each pending edit looks at each list, and to look at each row as well takes longer than the rest. */
const seen = new WeakSet<object>();

function isStoredList(value: unknown): value is StoredList {
  const nodes = (value as Partial<StoredList> | null | undefined)?.nodes;
  if (!Array.isArray(nodes) || !(seen.has(nodes) || nodes.every((node) => isReference(node)))) return false;
  seen.add(nodes);
  return true;
}

function referencesTo(cache: ApolloCache, typename: string, ids: string | readonly string[]): readonly Reference[] {
  return (typeof ids === 'string' ? [ids] : ids).map((id) => ({ __ref: entityKey(cache, typename, id) }));
}
