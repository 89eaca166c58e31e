import type { Shown } from '../history.ts';

/**
 * What the person meant by one mutation, apart from how it is written down: a counter goes up by two, a label is added. What the
 * server makes of it is judged by this.
 */
export interface Intent {
  readonly kind: 'create' | 'update' | 'delete' | 'pair';
  readonly typename: 'Todo' | 'List';
  readonly id: string;
  /** Plain fields by input name. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Counters: by how much. */
  readonly add: Readonly<Record<string, number>>;
  readonly join: Readonly<Record<string, readonly string[]>>;
  readonly leave: Readonly<Record<string, readonly string[]>>;
  /** The entity as it was on screen when it was made; `null`: it was not. */
  readonly seen: Shown | null;
  /** The second entity of a mutation of two. */
  readonly other?: string;
  /** It asks for what the server refuses. */
  readonly forbidden?: boolean;
  /** The form had been open for a while: it names an older version. */
  readonly stale?: boolean;
  /** The server makes the id; this one stands for it until then. */
  readonly numbered?: boolean;
  /** There is something else to do when it is not sent in time. */
  readonly urgent?: boolean;
  /** Past the outbox: nothing of it is shown or kept before the server has said yes. */
  readonly live?: boolean;
}

export type IntentParts = Partial<Omit<Intent, 'kind' | 'typename' | 'id' | 'seen'>>;

export function intent(
  kind: Intent['kind'],
  typename: Intent['typename'],
  id: string,
  seen: Shown | null,
  parts: IntentParts = {},
): Intent {
  return { kind, typename, id, seen, set: {}, add: {}, join: {}, leave: {}, ...parts };
}

/** The variables of its mutation. */
export function variablesOf(intent: Intent): Record<string, unknown> {
  if (intent.kind === 'pair') return { a: intent.id, b: intent.other, twin: intent.set.twin };
  return intent.numbered ? { ref: intent.id, title: intent.set.title } : { input: inputOf(intent) };
}

/** The input object that says this, as an application would write it from what its form shows. */
export function inputOf(intent: Intent): Record<string, unknown> {
  const input: Record<string, unknown> = { id: intent.id, ...intent.set };
  if (intent.stale) input._version = intent.seen?._version;
  for (const [field, by] of Object.entries(intent.add)) input[field] = Number(intent.seen?.[field] ?? 0) + by;
  for (const field of new Set([...Object.keys(intent.join), ...Object.keys(intent.leave)])) {
    const before = (intent.seen?.[field] ?? []) as readonly string[];
    const joined = (intent.join[field] ?? []).filter((item) => !before.includes(item));
    input[field] = [...before.filter((item) => !intent.leave[field]?.includes(item)), ...joined];
  }
  return input;
}

export const entityName = ({ typename, id }: Pick<Intent, 'typename' | 'id'>): string => `${typename}:${id}`;
