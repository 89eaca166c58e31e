import type { Intent } from '../world/intent.ts';
import type { TicketFile } from './evidence.ts';

/**
 * Mutations that have become one, as one: it means what they meant one after the other, and what became of it became of all. Those
 * of an entity that nobody but its maker ever heard of, made and deleted before anything was sent, have come to nothing.
 * @param together tickets that went out under one key, in the order made.
 */
export function mergeFiles(
  files: ReadonlyMap<string, TicketFile>,
  together: readonly (readonly string[])[],
): ReadonlyMap<string, TicketFile> {
  const merged = new Map(files);
  for (const tickets of together) {
    const all = tickets.flatMap((ticket) => merged.get(ticket) ?? []);
    const [first, last] = [all[0], all.at(-1)];
    if (first === undefined || last === undefined || first === last) continue;
    // Under an earlier key it went out by itself, too.
    for (const file of all) if (file.deliveries.length === 0) merged.delete(file.ticket);
    merged.set(last.ticket, {
      ...last,
      intent: all.map(({ intent }) => intent).reduce(afterwards),
      settled: last.settled ?? first.settled,
      failed: all.flatMap(({ failed }) => failed),
      decided: all.flatMap(({ decided }) => decided),
      abandoned: all.some(({ abandoned }) => abandoned),
    });
  }
  const all = [...merged.values()];
  for (const file of all) if (isUnheardOf(file, all)) merged.delete(file.ticket);
  return merged;
}

function afterwards(first: Intent, second: Intent): Intent {
  const join = combine(first.join, second.join, (a, b) => [...a, ...b]);
  const leave = combine(first.leave, second.leave, (a, b) => [...a, ...b]);
  const without = (these: typeof join, those: typeof join) =>
    Object.fromEntries(Object.entries(these).map(([field, items]) => [field, items.filter((item) => !those[field]?.includes(item))]));
  const set = { ...first.set, ...second.set };
  return {
    ...first,
    kind: second.kind === 'delete' ? 'delete' : first.kind,
    set: second.kind === 'delete' ? {} : set,
    add: combine(first.add, second.add, (a, b) => a + b),
    join: without(join, second.leave),
    leave: without(leave, second.join),
    forbidden: first.forbidden === true || second.forbidden === true,
  };
}

function combine<T>(a: Readonly<Record<string, T>>, b: Readonly<Record<string, T>>, both: (a: T, b: T) => T): Readonly<Record<string, T>> {
  const entries = Object.entries(b).map(([field, value]) => [field, field in a ? both(a[field] as T, value) : value] as const);
  return { ...a, ...Object.fromEntries(entries) };
}

function isUnheardOf(file: TicketFile, all: readonly TicketFile[]): boolean {
  const unsent = all.filter(
    ({ entity, device, deliveries }) => entity === file.entity && device === file.device && deliveries.length === 0,
  );
  const isSent = all.some(({ entity, deliveries }) => entity === file.entity && deliveries.length > 0);
  const has = (kind: Intent['kind']): boolean => unsent.some(({ intent, durable }) => intent.kind === kind && durable !== null);
  return !isSent && has('create') && has('delete');
}
