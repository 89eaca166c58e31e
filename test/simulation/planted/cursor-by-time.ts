import { wrapStore } from '../world/commit-log.ts';
import type { PlantedBug } from '../world/world.ts';

/** Two commits in one millisecond, a clock that is set back: what is older than the newest that was seen is never told. */
export const cursorByTime: PlantedBug = {
  name: 'cursor-by-time',
  says: 'the cursor is the newest time at which anything was changed, not a place in the order of commits',
  breaks: ['I5', 'I7', 'I8'],
  store: (store) =>
    wrapStore(store, {
      get reads() {
        const { reads } = store;
        return Object.create(reads, {
          changes: {
            async value({ after, types, limit }: Parameters<typeof reads.changes>[0]) {
              const all = await reads.changes({ after: null, types, limit: 100_000 });
              const since = after?.position ?? '';
              const rows = all.rows.filter(({ _lastChangedAt }) => _lastChangedAt > since);
              rows.sort((a, b) => (a._lastChangedAt < b._lastChangedAt ? -1 : 1));
              const page = rows.slice(0, limit);
              const position = page.at(-1)?._lastChangedAt ?? since;
              return { rows: page, next: { epoch: all.next.epoch, position }, hasMore: rows.length > limit, reset: false };
            },
          },
        }) as typeof reads;
      },
    }),
};
