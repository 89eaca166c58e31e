import { eventsOf } from '../history.ts';
import type { Delivery } from '../world/commit-log.ts';
import type { Evidence } from './evidence.ts';
import type { Oracle } from './oracle.ts';
import { rank } from './rank.ts';

interface Page {
  readonly changes: readonly { readonly __typename: string; readonly id: string; readonly _version: number; readonly _deleted?: boolean }[];
  readonly tombstones: readonly { readonly typename: string; readonly id: string; readonly _version: number }[];
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly reset: boolean;
}

/** What somebody who follows the cursors knows, by entity: the newest version that any page told. */
type Knowledge = ReadonlyMap<string, number>;

/** Whoever follows the cursor from page to page has been told of every commit, however commits and pages interleave. */
export const skipped: Oracle = {
  invariant: 'I7',
  promise: 'No change is skipped',
  judge({ events, deliveries }) {
    const known = new Map<string, Knowledge>();
    /** The newest version of every entity, as of each number of commits. */
    const newest = versionsOverTime(events);
    return eventsOf(events, 'answered').flatMap(({ delivery: number, body, commits, order }) => {
      const delivery = deliveries.get(number) as Delivery;
      const page = delivery.operation === 'FarsideSync' ? readPage(body) : null;
      if (page === null) return [];
      const reader = `${delivery.user}`;
      const before =
        page.reset || delivery.variables.since == null ? null : (known.get(`${reader} ${String(delivery.variables.since)}`) ?? null);
      // A cursor from before a backup was restored, and not refused: nothing to compare it with.
      if (before === null && !page.reset && delivery.variables.since != null) return [];
      const now = new Map(before ?? []);
      for (const { __typename, id, _version } of page.changes) now.set(`${__typename}:${id}`, rank(_version));
      for (const { typename, id, _version } of page.tombstones) now.set(`${typename}:${id}`, rank(_version));
      known.set(`${reader} ${page.cursor}`, now);
      if (page.hasMore) return [];
      return [...newest(commits, order)].flatMap(([entity, { version, isGone, mayRead }]) => {
        if ((now.get(entity) ?? 0) >= version) return [];
        // Who starts anew need not hear of what is gone, or of what it may not see.
        if ((before === null && isGone) || !mayRead(delivery.user ?? '')) return [];
        if (before !== null && isGone && !before.has(entity)) return [];
        return [
          {
            figure: 'skipped' as const,
            says: `${delivery.tab} followed its cursor and was told of ${entity} up to version ${now.get(entity) ?? 'none'}, not of ${version}`,
            about: [entity],
          },
        ];
      });
    });
  },
};

interface Newest {
  readonly version: number;
  readonly isGone: boolean;
  readonly mayRead: (user: string) => boolean;
}

function versionsOverTime(events: Evidence['events']): (commits: number, before: number) => ReadonlyMap<string, Newest> {
  return (count, before) => {
    const rows = new Map<string, Newest>();
    const log: Extract<Evidence['events'][number], { readonly kind: 'committed' }>['commit'][] = [];
    for (const event of events) {
      if (event.order >= before) break;
      if (event.kind === 'committed') log.push(event.commit);
      if (event.kind === 'server' && event.what === 'restored') log.length = event.commits;
    }
    for (const { puts } of log.slice(0, count)) {
      for (const { entity, after } of puts) {
        const audience = after.audience as readonly string[] | undefined;
        rows.set(entity, {
          version: rank(after._version),
          isGone: after._deleted,
          mayRead: (user) => audience === undefined || audience.length === 0 || audience.includes(user),
        });
      }
    }
    return rows;
  };
}

/** The page of changes in an answer; `null`: there is none. */
export function readPage(body: string): Page | null {
  try {
    return (JSON.parse(body) as { readonly data?: { readonly sync?: Page | null } | null }).data?.sync ?? null;
  } catch {
    return null;
  }
}
