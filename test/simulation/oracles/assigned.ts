import type { Event, Shown } from '../history.ts';
import { assignedId } from '../world/tickets.ts';

/** What happened, with the server's id wherever a temporary one stood: it is one entity, by whichever name somebody knew it. */
export function withAssignedIds(events: readonly Event[]): readonly Event[] {
  return events.map((event) => {
    if (event.kind !== 'shown') return renamed(event) as Event;
    // It leaves under one name and comes under the other.
    const entities: Record<string, Shown | null> = {};
    for (const [entity, shown] of Object.entries(event.entities)) {
      const name = renamed(entity) as string;
      entities[name] = (renamed(shown) as Shown | null) ?? entities[name] ?? null;
    }
    return { ...event, entities };
  });
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
