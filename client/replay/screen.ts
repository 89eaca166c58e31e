import type { ReadEntity } from '../outbox/draft.ts';
import type { MutationRecord } from '../outbox/record.ts';

/** What replay asks of the cache. No Apollo in sight: the service worker has its own. */
export interface Screen {
  readonly read: ReadEntity;
  /** Runs changes that watchers hear of once, after the last. */
  together<T>(run: () => T): T;
  /** Writes the acknowledged result of a record to the cache and drops what was shown in its place. */
  acknowledge(record: MutationRecord): void;
  /** Fresh data of one entity that came with a conflict: output field names, with `_version`. */
  refresh(typename: string, entity: Readonly<Record<string, unknown>>): void;
  /** Resolves when everything acknowledged so far is on disk. */
  flush(): Promise<void>;
}
