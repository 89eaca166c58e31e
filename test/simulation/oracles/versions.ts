import { eventsOf } from '../history.ts';
import { groupBy } from './evidence.ts';
import type { Oracle } from './oracle.ts';
import { rank } from './rank.ts';

/** A version only grows: in the log through delete and creation anew, and in the eyes of each tab. */
export const versions: Oracle = {
  invariant: 'I6',
  promise: 'Versions only grow',
  judge({ events, restored }) {
    const committed = groupBy(
      eventsOf(events, 'committed').flatMap(({ commit, order }) => commit.puts.map((put) => ({ put, commit, order }))),
      ({ put }) => put.entity,
    );
    const inLog = [...committed].flatMap(([entity, changes]) =>
      changes.flatMap(({ put, commit, order }, index) => {
        const before = changes[index - 1];
        if (before === undefined || restored.some((at) => at > before.order && at < order)) return [];
        if (rank(put.after._version) > rank(before.put.after._version)) return [];
        return [
          {
            figure: 'other' as const,
            says: `commit ${commit.index} takes ${entity} from version ${before.put.after._version} to ${put.after._version}`,
            about: [entity],
          },
        ];
      }),
    );

    const seen = new Map<string, { readonly version: number; readonly order: number }>();
    const onScreen = eventsOf(events, 'shown').flatMap(({ tab, entities, order }) =>
      Object.entries(entities).flatMap(([entity, shown]) => {
        const version = rank(shown?._version);
        const key = `${tab} ${entity}`;
        // Version 0 is what was only made here: the server has said that it knows of no such entity, and may yet repeat what it said before.
        if (version === 0) {
          if (shown) seen.delete(key);
          return [];
        }
        const before = seen.get(key);
        seen.set(key, { version, order });
        if (before === undefined || version >= before.version || restored.some((at) => at < order)) return [];
        return [
          {
            figure: 'flickers' as const,
            says: `${tab} shows ${entity} at version ${version}, after version ${before.version}`,
            about: [entity],
          },
        ];
      }),
    );
    return [...inLog, ...onScreen];
  },
};
