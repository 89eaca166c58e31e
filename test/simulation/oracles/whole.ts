import { eventsOf, type Shown } from '../history.ts';
import { deviceOf } from './device-of.ts';
import { groupBy, same } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** A mutation of two entities is seen on both or on neither: in one commit, and in one broadcast. */
export const whole: Oracle = {
  invariant: 'I11',
  promise: 'A mutation of several entities is seen whole',
  judge({ events, commits, tickets, ticketOf, deliveries }) {
    const pairs = [...tickets.values()].filter(({ intent }) => intent.kind === 'pair');
    const halves = commits.flatMap((commit, at) => {
      const file = tickets.get(ticketOf(commit.delivery) ?? '');
      if (file?.intent.kind !== 'pair' || commit.puts.length === 0) return [];
      const touched = new Set(commit.puts.map(({ entity }) => entity));
      // Its maker may have put one of them back as it was on screen, with this: then there is nothing left to change.
      const stands = (entity: string): unknown =>
        commits
          .slice(0, at)
          .flatMap(({ puts }) => puts.filter((put) => put.entity === entity))
          .at(-1)?.after.twin;
      const missing = [file.entity, `Todo:${file.intent.other}`].filter(
        (entity) => !touched.has(entity) && stands(entity) !== file.intent.set.twin,
      );
      if (missing.length === 0) return [];
      return [
        {
          figure: 'other' as const,
          says: `commit ${commit.index} holds half of ${file.ticket}: ${missing.join(', ')} is missing`,
          about: [file.ticket],
        },
      ];
    });

    /** The twins that each entity has had at the server, in order. */
    const had = new Map<string, unknown[]>();
    const orders = new Map(eventsOf(events, 'committed').map(({ order, commit }) => [commit.index, order]));
    /** When the server first had it. */
    const since = new Map<unknown, number>();
    /** When the server first deleted it. A query leaves it out then, and until a pull tells of it it stays as it was. */
    const deleted = new Map<string, number>();
    for (const { index, puts } of commits) {
      for (const { entity, before, after } of puts) {
        if (after._deleted === true && !deleted.has(entity)) deleted.set(entity, orders.get(index) ?? 0);
        if (same(before?.twin, after.twin)) continue;
        had.set(entity, [...(had.get(entity) ?? []), after.twin]);
        if (!since.has(after.twin)) since.set(after.twin, orders.get(index) ?? 0);
      }
    }
    const faults = eventsOf(events, 'fault').filter(({ fault }) => fault === 'message-lost');
    const deaf = new Set(faults.map(({ site }) => deviceOf(site.split(' ')[0] ?? '')));
    const writers = groupBy(
      [...tickets.values()].flatMap(({ ticket, device, entity, intent }) => [
        { ticket, key: `${device} ${entity}` },
        ...(intent.other === undefined ? [] : [{ ticket, key: `${device} Todo:${intent.other}` }]),
      ]),
      ({ key }) => key,
    );
    /** Somebody who writes to one of them is answered with that one as it is by then; and shows what they wrote. */
    const isOwn = (tab: string, entity: string, pair: string): boolean =>
      (writers.get(`${deviceOf(tab)} ${entity}`) ?? []).some(({ ticket }) => ticket !== pair);

    /** On its way through the pages of a pull: an entity that changed once more comes with the page of its last change. */
    const between = new Set<string>();
    /** By device, the moment of the last page: its other tabs take in what one has pulled, page by page, in no time. */
    const handedOn = new Map<string, number>();
    const screens = new Map<string, Map<string, Shown>>();
    const torn = events.flatMap((event) => {
      if (event.kind === 'answered') {
        const { operation, tab } = deliveries.get(event.delivery) ?? {};
        if (operation === 'FarsideSync' && tab !== undefined) {
          const hasMore = event.body.includes('"hasMore":true');
          if (between.has(tab) && !hasMore) handedOn.set(deviceOf(tab), event.at);
          between[hasMore ? 'add' : 'delete'](tab);
        }
      }
      if (event.kind !== 'shown') return [];
      const { tab, entities } = event;
      const screen = screens.get(tab) ?? new Map<string, Shown>();
      screens.set(tab, screen);
      for (const [entity, shown] of Object.entries(entities)) {
        if (shown === null) screen.delete(entity);
        else screen.set(entity, shown);
      }
      if ([...between].some((other) => deviceOf(other) === deviceOf(tab)) || handedOn.get(deviceOf(tab)) === event.at) return [];
      return pairs.flatMap(({ ticket, entity: a, intent, commits: done, tab: maker }) => {
        const b = `Todo:${intent.other}`;
        const [left, right] = [screen.get(a), screen.get(b)];
        if (done.length === 0 || left === undefined || right === undefined || !(a in entities || b in entities)) return [];
        // News of the pair itself may not have reached the device's other tabs, its maker's among them.
        if ((maker !== tab || deaf.has(deviceOf(tab))) && (isOwn(tab, a, ticket) || isOwn(tab, b, ticket))) return [];
        if ([a, b].some((entity) => (deleted.get(entity) ?? Number.POSITIVE_INFINITY) < event.order)) return [];
        const isPast = (entity: string, shown: Shown): boolean | null => {
          const twins = had.get(entity) ?? [];
          const [at, now] = [twins.indexOf(intent.set.twin), twins.indexOf(shown.twin)];
          // Deleted and made again it has none once more: before or after, nobody can tell.
          if (now !== twins.lastIndexOf(shown.twin)) return null;
          // On top of what the server has waits another one, which may come before it or after.
          if (shown.twin !== intent.set.twin && (since.get(shown.twin) ?? 0) > event.order) return null;
          // Not yet at the server, or nothing at all: no telling.
          return at < 0 || (now < 0 && shown.twin !== null) ? null : now >= at;
        };
        const [leftIsPast, rightIsPast] = [isPast(a, left), isPast(b, right)];
        if (leftIsPast === null || rightIsPast === null || leftIsPast === rightIsPast) return [];
        const says = `${tab} shows half of ${ticket}: ${a} has ${String(left.twin)}, ${b} has ${String(right.twin)}`;
        return [{ figure: 'other' as const, says, about: [ticket, a, b] }];
      });
    });
    return [...halves, ...torn];
  },
};
