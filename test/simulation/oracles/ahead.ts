import { eventsOf } from '../history.ts';
import { deviceOf } from './device-of.ts';
import type { Oracle } from './oracle.ts';
import { rank } from './rank.ts';
import { readPage } from './skipped.ts';

/** What a worker has fetched with no tab open is there when the app is opened next, though there is no network then. */
export const ahead: Oracle = {
  invariant: 'I7',
  promise: 'What was pulled ahead is not skipped',
  judge({ events, deliveries, tickets }) {
    const unsound = new Map<string, number>();
    for (const event of events) {
      const device =
        event.kind === 'fault' && (event.fault === 'write-lost' || event.fault === 'write-torn')
          ? deviceOf(event.site.split(' ')[0] ?? '')
          : event.kind === 'event' && event.code === 'CACHE_EVICTED'
            ? deviceOf(event.tab)
            : null;
      if (device !== null && !unsound.has(device)) unsound.set(device, event.order);
    }
    const putBack = eventsOf(events, 'rolledBack');
    const own = new Set([...tickets.values()].map(({ device, entity }) => `${device} ${entity}`));
    return eventsOf(events, 'ahead').flatMap(({ worker, tab, pages, types, versions, order }) => {
      const device = deviceOf(tab);
      if ((unsound.get(device) ?? Number.POSITIVE_INFINITY) < order) return [];
      const pulled = eventsOf(events, 'answered').find(({ delivery }) => deliveries.get(delivery)?.tab === worker)?.order ?? order;
      // The disk that it was on is one of before it.
      if (putBack.some((back) => back.device === device && back.order > pulled && back.order < order)) return [];
      const answers = eventsOf(events, 'answered').flatMap(({ delivery, body }) => {
        const { tab: by, operation } = deliveries.get(delivery) ?? {};
        const page = by === worker && operation === 'FarsideSync' ? readPage(body) : null;
        return page === null ? [] : [page];
      });
      // One was answered twice, or by somebody on the way.
      if (answers.length !== pages) return [];
      /** By entity, the last that was said of it; `null`: it is gone. */
      const told = new Map<string, number | null>();
      for (const { changes, tombstones } of answers) {
        for (const { __typename, id, _version, _deleted } of changes)
          told.set(`${__typename}:${id}`, _deleted === true ? null : rank(_version));
        for (const { typename, id } of tombstones) told.set(`${typename}:${id}`, null);
      }
      return [...told].flatMap(([entity, version]) => {
        if (!types.includes(entity.split(':')[0] ?? '')) return [];
        const shown = Object.hasOwn(versions, entity) ? rank(versions[entity]) : null;
        // What is done to it here stands over it.
        const isThere = version === null ? shown === null : shown !== null && shown >= version;
        if (isThere || own.has(`${device} ${entity}`)) return [];
        const says = `${worker} was told of ${entity} at version ${version ?? 'none'}, and ${tab}, opened without a network, shows ${shown ?? 'none'}`;
        return [{ figure: 'skipped' as const, says, about: [entity] }];
      });
    });
  },
};
