import { type Event, eventsOf, type Shown } from '../history.ts';
import { deviceOf } from './device-of.ts';
import { type Evidence, groupBy, same, type TicketFile } from './evidence.ts';
import type { Oracle } from './oracle.ts';
import { rank } from './rank.ts';

/** Fields whose every value was written once and by one ticket: what is shown tells when it is from. */
const TELLING = ['title', 'note', 'color', 'name'] as const;

/**
 * While a write waits, and when it has just been acknowledged, its maker never sees the value from before it: not in the tab that
 * made it, not in the device's other tabs once they knew, and not after a reload.
 */
export const steady: Oracle = {
  invariant: 'I10',
  promise: 'No flicker',
  judge(evidence) {
    const damaged = damagedDisks(evidence.events);
    const byEntity = groupBy([...evidence.tickets.values()], ({ entity, device }) => `${device} ${entity}`);
    const shown = groupBy(
      eventsOf(evidence.events, 'shown').flatMap(({ tab, entities, order }) =>
        Object.entries(entities).flatMap(([entity, now]) => (now === null ? [] : [{ tab, entity, now, order }])),
      ),
      ({ tab, entity }) => `${deviceOf(tab)} ${entity}`,
    );
    return [...byEntity].flatMap(([key, files]) =>
      TELLING.flatMap((field) => {
        const own = files.filter(({ intent }) => field in intent.set && intent.kind !== 'delete' && isText(intent.set[field]));
        return (shown.get(key) ?? []).flatMap(({ tab, now, order, entity }) => {
          const flicker = own.find((file) => isFlicker(evidence, file, own, tab, field, now, order, damaged));
          if (flicker === undefined) return [];
          const says = `${tab} shows ${entity} with ${field} ${JSON.stringify(now[field])} again, after ${flicker.ticket} had made it ${JSON.stringify(flicker.intent.set[field])}`;
          return [{ figure: 'flickers' as const, says, about: [flicker.ticket, entity] }];
        });
      }).slice(0, 1),
    );
  },
};

const isText = (value: unknown): boolean => typeof value === 'string' && value.includes('text ');

function isFlicker(
  evidence: Evidence,
  file: TicketFile,
  own: readonly TicketFile[],
  tab: string,
  field: string,
  now: Shown,
  order: number,
  damaged: ReadonlySet<string>,
): boolean {
  const { intent, made, durable, settled } = file;
  // The value that the maker saw when it changed it, and nobody has since written again.
  if (!(field in now) || !same(now[field], intent.seen?.[field]) || same(intent.set[field], intent.seen?.[field])) return false;
  if (intent.seen === null || !isText(intent.seen[field]) || order < made) return false;
  if (intent.live || file.apart) return false;
  // Only what was promised: stored, and neither refused, nor parked, nor let go, nor lost with a server.
  const told = tab === file.tab ? made : (durable ?? Number.POSITIVE_INFINITY);
  if (order <= told || file.refused !== null || evidence.restored.length > 0) return false;
  if (file.failed.some((failure) => failure.code !== 'DISPOSED') || file.decided.length > 0 || file.abandoned) return false;
  if (tab !== file.tab && settled === null) return false;
  // In another tab the news needs a moment; in a later one the disk must have kept it.
  if (tab !== file.tab && !openedAfter(evidence, tab, settled?.order ?? Number.POSITIVE_INFINITY)) return false;
  if (damaged.has(deviceOf(tab))) return false;
  if (durable === null && (tab !== file.tab || diedRefusing(evidence, file, order))) return false;
  if (isNewer(evidence, file, field, now)) return false;
  return !own.some((other) => other !== file && same(other.intent.set[field], now[field]) && other.made > made);
}

/** Somebody has written the old value anew since: it stands at the server in a version after that of this write. */
function isNewer({ commits }: Evidence, file: TicketFile, field: string, now: Shown): boolean {
  const puts = commits.flatMap((commit) => commit.puts.filter(({ entity }) => entity === file.entity));
  const own = Math.max(0, ...file.commits.flatMap((commit) => commit.puts.map(({ after }) => rank(after._version))));
  const version = rank(now._version);
  return own > 0 && version > own && puts.some(({ after }) => rank(after._version) === version && same(after[field], now[field]));
}

/** The disk refused it, and its tab was gone before it could say so. */
function diedRefusing({ events }: Evidence, { tab, made }: TicketFile, order: number): boolean {
  const isAtFault = eventsOf(events, 'fault').some(
    ({ fault, site, order: at }) =>
      (fault === 'write-fails' || fault === 'disk-full') && site.startsWith(`${tab} outbox`) && at > made && at < order,
  );
  return isAtFault && eventsOf(events, 'closed').some((event) => event.tab === tab && event.how === 'crashed');
}

function openedAfter({ events }: Evidence, tab: string, order: number): boolean {
  return eventsOf(events, 'opened').some((event) => event.tab === tab && event.order > order);
}

/** Devices whose cache on disk has lost something that it had promised to keep, or whose owner has emptied it. */
function damagedDisks(events: readonly Event[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) => {
      if (event.kind === 'fault' && (event.fault === 'write-lost' || event.fault === 'write-torn'))
        return [deviceOf(event.site.split(' ')[0] ?? '')];
      if (event.kind === 'step' && event.action === 'cache-cleared') return [event.device];
      // It shows what the other one had.
      if (event.kind === 'copied') return [event.to];
      if (event.kind === 'leaving') return [deviceOf(event.tab)];
      if (event.kind === 'rolledBack') return [event.device];
      return [];
    }),
  );
}
