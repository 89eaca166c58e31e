import type { Event, Shown } from '../history.ts';
import { entityName } from '../world/intent.ts';
import { assignedId } from '../world/tickets.ts';
import { deviceOf } from './device-of.ts';

/** What happened, with the server's id wherever a temporary one stood: it is one entity, by whichever name somebody knew it. */
export function withAssignedIds(events: readonly Event[]): { readonly events: readonly Event[]; readonly apart: ReadonlySet<string> } {
  const apart = new Set<string>();
  /** By ticket, and by device and entity: creates whose answer, with the id, has not come. */
  const unanswered = new Map<string, string>();
  const named = events.map((event) => {
    if (event.kind === 'made' && new Set(unanswered.values()).has(`${deviceOf(event.tab)} ${entityName(event.intent)}`))
      apart.add(event.ticket);
    if (event.kind === 'made' && event.intent.kind === 'create' && renamed(event.intent.id) !== event.intent.id)
      unanswered.set(event.ticket, `${deviceOf(event.tab)} ${renamed(entityName(event.intent)) as string}`);
    if (event.kind === 'settled') unanswered.delete(event.ticket);
    if (event.kind !== 'shown') return renamed(event) as Event;
    const strangers = new Set(unanswered.values());
    // It leaves under one name and comes under the other.
    const entities: Record<string, Shown | null> = {};
    for (const [entity, shown] of Object.entries(event.entities)) {
      const name = renamed(entity) as string;
      // A pull may bring it first. Then there are two of it for a moment: nobody can know that what the server tells of is what was made here.
      if (name === entity && strangers.has(`${deviceOf(event.tab)} ${name}`)) continue;
      entities[name] = (renamed(shown) as Shown | null) ?? entities[name] ?? null;
    }
    return { ...event, entities };
  });
  return { events: named, apart };
}

function renamed(value: unknown): unknown {
  if (typeof value === 'string') {
    const at = value.lastIndexOf(':') + 1;
    return value.slice(0, at) + assignedId(value.slice(at));
  }
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renamed(member)]));
}
