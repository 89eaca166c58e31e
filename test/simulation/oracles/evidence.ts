import { type Decided, type Event, eventsOf, type Listed } from '../history.ts';
import type { Commit, Delivery } from '../world/commit-log.ts';
import { entityName, type Intent } from '../world/intent.ts';
import type { Rest } from '../world/rest.ts';
import { withAssignedIds } from './assigned.ts';
import { deviceOf } from './device-of.ts';
import { mergeFiles } from './merged.ts';

/** What a person chose for a record that needed one. */
interface Decision {
  readonly order: number;
  readonly device: string;
  readonly how: Decided;
  readonly set: Readonly<Record<string, unknown>>;
}

/** All that is known of one mutation. */
export interface TicketFile {
  readonly ticket: string;
  readonly intent: Intent;
  readonly entity: string;
  readonly tab: string;
  readonly device: string;
  readonly user: string;
  /** Order of the call among all events. */
  readonly made: number;
  /** Whether, and when, its maker was told that it is stored. */
  readonly durable: number | null;
  readonly refused: string | null;
  readonly settled: { readonly order: number; readonly data: unknown } | null;
  readonly failed: readonly { readonly order: number; readonly code: string }[];
  readonly decided: readonly Decision[];
  /** What its signing out took with it. */
  readonly abandoned: boolean;
  /** Its disk was put back to a time before it was stored, or before a person decided about it. */
  readonly unmade: boolean;
  /** Made under the server's name for an entity whose create had no answer here: for all that could be known, of another one. */
  readonly apart: boolean;
  /** Commits that carry its effect, of the history that stands. */
  readonly commits: readonly Commit[];
  /** Requests that carried it. */
  readonly deliveries: readonly Delivery[];
}

/** The events of a run, put in order by what they are about. */
export interface Evidence {
  readonly events: readonly Event[];
  readonly rest: Rest;
  readonly tickets: ReadonlyMap<string, TicketFile>;
  readonly deliveries: ReadonlyMap<number, Delivery & { readonly order: number }>;
  /** The log that stands: without what was lost when a backup was restored. */
  readonly commits: readonly Commit[];
  /** The orders of events at which the server's history began anew. */
  readonly restored: readonly number[];
  readonly ticketOf: (delivery: number | null) => string | null;
  /** When which device got what another one had stored: from then on there are two of what waited. */
  readonly copied: readonly { readonly from: string; readonly to: string; readonly order: number }[];
  /** The last listing of every tab's outbox. */
  readonly listed: ReadonlyMap<string, readonly Listed[]>;
}

export function readEvidence(happened: readonly Event[], rest: Rest): Evidence {
  const { events, apart } = withAssignedIds(happened);
  const users = new Map(eventsOf(events, 'opened').map(({ tab, user }) => [tab, user]));
  const commits = standing(events);

  const made = eventsOf(events, 'made');
  const kinds = new Map(made.map(({ ticket, intent }) => [ticket, intent.kind]));
  /** Put on top of what the server has, by choice: an update may become a create, and an update again. */
  const changed = new Set<string>();
  /** Of several that have become one, the last; unless that has become yet another mutation. */
  const lastOf = ({ tickets = [], operation }: Delivery): string | null => {
    const [first, last] = [tickets[0], tickets.at(-1)];
    if (first === undefined || last === undefined) return null;
    const kind = kinds.get(last) === 'delete' ? 'delete' : kinds.get(first);
    if (!operation.toLowerCase().startsWith(kind ?? '')) changed.add(last);
    return changed.has(last) ? null : last;
  };
  const notKept = new Set(eventsOf(events, 'refused').map(({ ticket }) => ticket));
  const deliveries = new Map(
    eventsOf(events, 'arrived').map(({ delivery, order }) => {
      // What could not be kept has come into no other.
      const tickets = delivery.tickets?.filter((ticket) => !notKept.has(ticket)) ?? [];
      return [delivery.number, { ...delivery, tickets, ticket: delivery.ticket ?? lastOf({ ...delivery, tickets }), order }];
    }),
  );
  const decided = eventsOf(events, 'decided');
  const byTicket = <T extends { readonly ticket: string }>(items: readonly T[]) => groupBy(items, ({ ticket }) => ticket);
  const [durable, refused] = [byTicket(eventsOf(events, 'durable')), byTicket(eventsOf(events, 'refused'))];
  const [settled, failed, decisions] = [byTicket(eventsOf(events, 'settled')), byTicket(eventsOf(events, 'failed')), byTicket(decided)];

  /** A record that became another mutation, by its owner's choice, no longer carries its ticket: it is known by what it is about. */
  const converted = (delivery: Delivery & { readonly order: number }): string | null => {
    if (delivery.identity === null) return null;
    const id = (delivery.variables.input as { readonly id?: unknown } | undefined)?.id;
    const candidates = decided.filter(({ ticket, how, order, device }) => {
      if ((how !== 'local' && how !== 'value') || order > delivery.order) return false;
      const maker = made.find((each) => each.ticket === ticket);
      return maker?.intent.id === id && device === delivery.device;
    });
    return candidates.at(-1)?.ticket ?? null;
  };
  const carried = new Map([...deliveries.values()].map((delivery) => [delivery.number, delivery.ticket ?? converted(delivery)]));
  const ticketOf = (delivery: number | null): string | null => (delivery === null ? null : (carried.get(delivery) ?? null));

  const commitsOf = groupBy(
    commits.filter(({ puts }) => puts.length > 0),
    ({ delivery }) => ticketOf(delivery) ?? '',
  );
  const deliveriesOf = groupBy([...deliveries.values()], ({ number }) => ticketOf(number) ?? '');
  const rolledBack = eventsOf(events, 'rolledBack');
  const left = new Map(eventsOf(events, 'closed').flatMap(({ tab, how, order }) => (how === 'signed out' ? [[tab, order] as const] : [])));
  // Until it is over: a tab that has not heard of it may still make something, and that goes too.
  const abandoning = eventsOf(events, 'leaving').flatMap(({ pending, tab, order }) =>
    pending === 'discard' ? [{ tab, order: left.get(tab) ?? order }] : [],
  );

  const files = new Map(
    made.map(({ ticket, intent, tab, order }) => {
      const device = deviceOf(tab);
      const user = users.get(tab) ?? '';
      const file: TicketFile = {
        ticket,
        intent,
        entity: entityName(intent),
        tab,
        device,
        user,
        made: order,
        durable: durable.get(ticket)?.[0]?.order ?? null,
        refused: refused.get(ticket)?.[0]?.code ?? null,
        settled: settled.get(ticket)?.[0] ?? null,
        failed: failed.get(ticket) ?? [],
        decided: (decisions.get(ticket) ?? []).map(({ order: at, device: where, how, set = {} }) => ({
          order: at,
          device: where,
          how,
          set,
        })),
        abandoned: abandoning.some(
          ({ tab: signedOut, order: at }) => at > order && deviceOf(signedOut) === device && users.get(signedOut) === user,
        ),
        unmade: rolledBack.some(
          ({ device: where, to, order: at }) =>
            where === device &&
            [...(durable.get(ticket) ?? [{ order }]), ...(decisions.get(ticket) ?? [])].some((each) => each.order > to && each.order < at),
        ),
        apart: apart.has(ticket),
        commits: commitsOf.get(ticket) ?? [],
        deliveries: deliveriesOf.get(ticket) ?? [],
      };
      return [ticket, file] as const;
    }),
  );
  const together = [...deliveries.values()].flatMap(({ tickets = [] }) => (tickets.length > 1 ? [tickets] : []));
  return {
    events,
    rest,
    tickets: mergeFiles(files, together),
    deliveries,
    commits,
    restored: eventsOf(events, 'server').flatMap(({ what, order }) => (what === 'restored' ? [order] : [])),
    ticketOf,
    copied: eventsOf(events, 'copied'),
    listed: new Map(eventsOf(events, 'listed').map(({ tab, outbox }) => [tab, outbox])),
  };
}

/** The commits without those that a restored backup took back. */
function standing(events: readonly Event[]): readonly Commit[] {
  const commits: Commit[] = [];
  for (const event of events) {
    if (event.kind === 'committed') commits.push(event.commit);
    if (event.kind === 'server' && event.what === 'restored') commits.length = event.commits;
  }
  return commits;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Whether its owner let go of it. */
export function isGivenUp(file: TicketFile): boolean {
  return file.abandoned || file.unmade || file.decided.some(({ how }) => how === 'remote' || how === 'discard');
}

/** What it means by now, at this device: its owner may have changed its mind about single fields. */
export function meantBy({ intent, decided }: TicketFile, device: string, { copied }: Pick<Evidence, 'copied'>): Intent {
  const known = decided.filter(
    (each) => each.device === device || copied.some(({ from, to, order }) => to === device && from === each.device && each.order < order),
  );
  return { ...intent, set: { ...intent.set, ...Object.assign({}, ...known.map(({ set }) => set)) } };
}

/** Deep equality of JSON values, written here so that the product's own is not its own judge. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && same(left[key], right[key]));
}
