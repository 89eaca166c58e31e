import { equal } from './equal.ts';
import { compareClocks } from './hybrid-clock.ts';
import { isObject } from './shape.ts';

/**
 * The three-way merge, per field and deep, used by both halves: the server merges what has a strategy, the client merges
 * the conflicts that come back, and both must agree.
 */
export type MergeStrategy = 'REPORT' | 'CLIENT_WINS' | 'SERVER_WINS' | 'LAST_WRITE_WINS' | 'SET_UNION' | 'COUNTER' | 'TEXT';

/** The strategies that this release carries out; createOfflineSchema refuses a schema that asks for another. */
export const SUPPORTED_STRATEGIES: readonly MergeStrategy[] = [
  ...(['REPORT', 'CLIENT_WINS', 'SERVER_WINS', 'LAST_WRITE_WINS', 'SET_UNION', 'COUNTER', 'TEXT'] as const),
];

/**
 * Strategies for which the base says what the editor did, whatever it was done to: a number added, words changed. Such a base is
 * kept through every rebase, and counts also where the version says that nobody else has written since.
 */
export const MERGED_FROM_BASE: ReadonlySet<unknown> = new Set<MergeStrategy>(['LAST_WRITE_WINS', 'SET_UNION', 'COUNTER', 'TEXT']);

/** What a strategy answers when a person has to choose. */
export const MANUAL: unique symbol = Symbol('farside.manual');

/** What a strategy answers when what it decides by is not known here, but is at the server. */
export const DEFERRED: unique symbol = Symbol('farside.deferred');

/** The three-way merge of text; `null`: the changes overlap. */
export type TextMerge = (base: string, local: string, remote: string) => string | null;

/** What some strategies decide by. Without it they answer {@link DEFERRED}. */
export interface MergeKnowledge {
  readonly mergeText?: TextMerge;
  /** Hybrid clocks of the edits. `remote: null`: from before clocks were kept. */
  readonly clocks?: { readonly local: string; readonly remote: string | null };
}

/** One field of the three states. `undefined` means unknown (base) or absent; every other value, falsy ones included, is a value. */
export interface Triple {
  /** As the editor saw it. */
  readonly base: unknown;
  /** As the editor left it. */
  readonly local: unknown;
  /** As the server has it now. */
  readonly remote: unknown;
}

export interface MergeContext {
  readonly typename: string;
  readonly field: string;
  /** The three states of the whole entity, as far as they are known, by input name; `local` holds what the editor set. */
  readonly entity: EntityTriple;
}

type Values = Readonly<Record<string, unknown>>;

export interface EntityTriple {
  readonly base: Values;
  readonly local: Values;
  readonly remote: Values;
}

/** A merge rule: the merged value, or {@link MANUAL}. Must be pure: both halves and every retry run it again. */
export type MergeFunction = (base: unknown, local: unknown, remote: unknown, context: MergeContext) => unknown;

/** The application's own rules: by type, then by input field name; `'*'` stands for every other field of the type. */
export type ConflictRules = Readonly<Record<string, Readonly<Record<string, MergeStrategy | MergeFunction>>>>;

export interface Merged {
  /** The value of every field of `local` after the merge; conflicting fields keep the remote value. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Fields that somebody else had changed, to something other than local: what stands now is not this editor's change alone. */
  readonly mergedFields: readonly string[];
  /** Fields that only a person can decide. */
  readonly conflictingFields: readonly string[];
  /** Fields that the server will decide; they keep the local value until it has. */
  readonly deferredFields: readonly string[];
}

export interface MergeInput extends EntityTriple {
  readonly typename: string;
  readonly ruleOf: (field: string) => MergeStrategy | MergeFunction;
  readonly knowledgeOf?: (field: string) => MergeKnowledge;
}

/**
 * Merges the fields that `local` sets. Fields that it does not set are none of its business and stay remote.
 * `ruleOf` names the strategy of a field, or gives a function of the application's own.
 */
export function mergeFields({ typename, base, local, remote, ruleOf, knowledgeOf }: MergeInput): Merged {
  const values: Record<string, unknown> = {};
  const mergedFields: string[] = [];
  const conflictingFields: string[] = [];
  const deferredFields: string[] = [];
  const entity: EntityTriple = { base, local, remote };
  for (const field of Object.keys(local)) {
    const triple: Triple = { base: base[field], local: local[field], remote: remote[field] };
    const rule = ruleOf(field);
    const merged =
      typeof rule === 'function'
        ? applyFunction(rule, triple, { typename, field, entity })
        : mergeField(rule, triple, knowledgeOf?.(field));
    if (merged === MANUAL) {
      conflictingFields.push(field);
      values[field] = triple.remote;
    } else if (merged === DEFERRED) {
      deferredFields.push(field);
      values[field] = triple.local;
    } else {
      values[field] = merged;
      if (remoteChanged(triple) && !(equal(merged, triple.local) && equal(merged, triple.remote))) mergedFields.push(field);
    }
  }
  return { values, mergedFields, conflictingFields, deferredFields };
}

/** Without a base nobody can say that it did not. */
const remoteChanged = ({ base, remote }: Triple): boolean => base === undefined || !equal(base, remote);

/** One field by a named strategy. Only where both sides changed, and differently, does the strategy speak. */
export function mergeField(strategy: MergeStrategy, triple: Triple, knowledge: MergeKnowledge = {}): unknown {
  const { base, local, remote } = triple;
  // First, because two equal increments are two increments, not one.
  if (strategy === 'COUNTER') return mergeCounter(triple);
  if (equal(local, remote)) return remote;
  if (base !== undefined && equal(base, remote)) return local;
  if (base !== undefined && equal(base, local)) return remote;
  switch (strategy) {
    case 'CLIENT_WINS':
      return local;
    case 'SERVER_WINS':
      return remote;
    case 'SET_UNION':
      return mergeSet(triple);
    case 'LAST_WRITE_WINS':
      return knowledge.clocks === undefined ? DEFERRED : lastWrite(triple, knowledge.clocks);
    case 'TEXT':
      if (typeof base !== 'string' || typeof local !== 'string' || typeof remote !== 'string') return MANUAL;
      return knowledge.mergeText === undefined ? DEFERRED : (knowledge.mergeText(base, local, remote) ?? MANUAL);
    default:
      return isObject(local) && isObject(remote) ? mergeObject(triple) : MANUAL;
  }
}

function applyFunction(rule: MergeFunction, { base, local, remote }: Triple, context: MergeContext): unknown {
  if (equal(local, remote)) return remote;
  if (base !== undefined && equal(base, remote)) return local;
  if (base !== undefined && equal(base, local)) return remote;
  return rule(base, local, remote, context);
}

/** Adds what the editor added. Without a base the size of the change is unknown, so equal values are all that merges. */
function mergeCounter({ base, local, remote }: Triple): unknown {
  if (typeof base === 'number' && typeof local === 'number' && typeof remote === 'number') return remote + (local - base);
  if (equal(local, remote)) return remote;
  if (base !== undefined && equal(base, remote)) return local;
  // A counter that was empty when the editor began counts from nothing.
  if (base === null && typeof local === 'number' && typeof remote === 'number') return remote + local;
  return MANUAL;
}

/** By the clocks of the edits. Equal ones are a copied store's, or two fields of one edit: then by value, the same on every side. */
function lastWrite({ local, remote }: Triple, clocks: NonNullable<MergeKnowledge['clocks']>): unknown {
  const order = clocks.remote === null ? 'after' : compareClocks(clocks.local, clocks.remote);
  if (order !== 'equal') return order === 'after' ? local : remote;
  return (JSON.stringify(local) ?? '') > (JSON.stringify(remote) ?? '') ? local : remote;
}

/** Remote, plus what local added, without what local removed; in remote's order, additions last. */
function mergeSet({ base, local, remote }: Triple): unknown {
  const [before, mine, theirs] = [base ?? [], local ?? [], remote ?? []];
  if (!Array.isArray(before) || !Array.isArray(mine) || !Array.isArray(theirs)) return MANUAL;
  const has = (list: readonly unknown[], item: unknown) => list.some((other) => equal(other, item));
  const removed = before.filter((item) => !has(mine, item));
  const added = mine.filter((item) => !has(before, item) && !has(theirs, item));
  return [...theirs.filter((item) => !has(removed, item)), ...added];
}

/** Nested values merge key by key; one key that does not merge makes the whole field a conflict. */
function mergeObject({ base, local, remote }: Triple): unknown {
  const [mine, theirs] = [local as Json, remote as Json];
  const result: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const merged = mergeField('REPORT', {
      base: isObject(base) ? present(base, key) : undefined,
      local: present(mine, key),
      remote: present(theirs, key),
    });
    if (merged === MANUAL) return MANUAL;
    if (merged !== ABSENT) result.push([key, merged]);
  }
  return Object.fromEntries(result);
}

/** A key that is not there is a state of its own inside a nested value: adding and removing keys merges too. */
const ABSENT: unique symbol = Symbol('absent');
const present = (object: Json, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : ABSENT);

type Json = Record<string, unknown>;
