import type { DocumentNode } from 'graphql';
import type { OfflineCache } from '../../../client/index.ts';
import type { Shown } from '../history.ts';
import { LISTS, TODOS } from './app.ts';

/** What a page shows: the application's two lists, as the cache tells its watchers. */
export interface Screen {
  /** By entity, such as `Todo:1`. */
  readonly entities: ReadonlyMap<string, Shown>;
}

/** Tells of every broadcast that changes what is shown. */
export function watchScreen(cache: OfflineCache, onShown: (changed: Readonly<Record<string, Shown | null>>) => void): Screen {
  const entities = new Map<string, Shown>();
  for (const [typename, query, field] of [
    ['Todo', TODOS, 'todos'],
    ['List', LISTS, 'lists'],
  ] as const) {
    cache.watch({
      query,
      optimistic: true,
      returnPartialData: true,
      immediate: true,
      // A page goes on showing what it has until the cache can answer in full.
      callback({ complete, result }) {
        if (!complete) return;
        const changed = difference(typename, entities, rowsOf(result, field));
        for (const [entity, shown] of Object.entries(changed)) {
          if (shown === null) entities.delete(entity);
          else entities.set(entity, shown);
        }
        if (Object.keys(changed).length > 0) onShown(changed);
      },
    });
  }
  return { entities };
}

/** The rows of one list by entity, without what nobody sees. */
export function rowsOf(data: unknown, field: 'todos' | 'lists'): ReadonlyMap<string, Shown> {
  const nodes = (data as Record<string, { readonly nodes?: readonly Record<string, unknown>[] } | undefined> | null)?.[field]?.nodes ?? [];
  return new Map(
    nodes.map(({ __typename, list, ...row }) => {
      const shown = field === 'todos' ? { ...row, listId: (list as { readonly id?: string } | null)?.id ?? null } : row;
      return [`${field === 'todos' ? 'Todo' : 'List'}:${String(row.id)}`, shown] as const;
    }),
  );
}

/** Complete rows of a list in the cache; `null` while it cannot answer. */
export function readRows(
  cache: OfflineCache,
  query: DocumentNode,
  field: 'todos' | 'lists',
  optimistic: boolean,
): ReadonlyMap<string, Shown> | null {
  const { complete, result } = cache.diff({ query, optimistic, returnPartialData: true });
  return complete ? rowsOf(result, field) : null;
}

function difference(typename: string, before: ReadonlyMap<string, Shown>, now: ReadonlyMap<string, Shown>): Record<string, Shown | null> {
  const changed: Record<string, Shown | null> = {};
  for (const [entity, shown] of now) {
    const old = before.get(entity);
    if (old === undefined || JSON.stringify(old) !== JSON.stringify(shown)) changed[entity] = shown;
  }
  for (const entity of before.keys()) if (entity.startsWith(`${typename}:`) && !now.has(entity)) changed[entity] = null;
  return changed;
}
