import type { DocumentNode } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { readPage, type SyncPage } from './page.ts';
import { syncDocument } from './sync-document.ts';

/** How a page of changes is asked for, and what counts as one: the same in a tab and in a service worker. */
export interface PageQuery {
  readonly document: DocumentNode;
  variables(since: unknown): Readonly<Record<string, unknown>>;
  /** Reads `data` of the answer. @throws when it is no page: nothing of it is to be used then. */
  read(data: unknown): SyncPage;
  /** Where the next one goes on; `null`: it was the last. @throws when it would be the same again. */
  next(page: SyncPage, since: unknown): unknown;
}

export interface PageQueryOptions {
  /** Changes per page. Default 500. */
  readonly limit?: number;
  /** Names of versioned types; default: all of the manifest. */
  readonly types?: readonly string[];
}

export function createPageQuery(
  manifest: OfflineManifest,
  { limit = 500, types = Object.keys(manifest.types) }: PageQueryOptions = {},
): PageQuery {
  const { document, unalias } = syncDocument(manifest, types);
  return {
    document,
    variables: (since) => ({ since, types, limit }),
    read: (data) => readPage(data, unalias),
    next({ cursor, hasMore }, since) {
      if (!hasMore) return null;
      if (cursor !== since) return cursor;
      throw new Error('expected the cursor to move on with hasMore, it did not; the server repeats one page for ever');
    },
  };
}
