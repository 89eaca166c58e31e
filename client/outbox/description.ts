import { isObject } from '../../schema/shape.ts';
import type { OperationPart } from './operation.ts';
import type { MutationKind } from './record.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What a mutation touches, said by hand: for servers without a manifest, and for mutations that the manifest does not know. */
export interface MutationDescription {
  /** What it does to the entity of `typename`. Default `'custom'`: nobody knows. */
  readonly kind?: MutationKind;
  /** The type of the entity that it creates, changes or deletes. With it the mutation has a lane of its own. */
  readonly typename?: string;
  /** The id of that entity. Default: the variable `id`, or else the member `id` of the only object among the variables. */
  readonly entityId?: (variables: Record<string, unknown>) => string | number | null | undefined;
  /**
   * What it needs, or touches besides its own entity: cache ids such as `Todo:1`, and ids of records such as {@link Ticket.id}.
   * It is sent after the earlier mutations of these. Without `typename` it counts as changing them: later ones come after it.
   */
  readonly dependsOn?: (variables: Record<string, unknown>) => readonly string[];
  /**
   * For a create (`kind` and `typename`) of a server that makes the ids itself: finds the id in the mutation's `data`. Until then the
   * entity goes by a temporary one, a UUID: `entityId`, or else the `id` of the object of that type in the optimistic response (of the
   * call, or `optimisticResponse`, which runs once then, and may make it up). What names it waits, and is sent with the server's id.
   * One that throws, or finds none, leaves a dead letter with its answer (`RESOLVE_ID_FAILED`); what names the entity waits on.
   */
  readonly resolveId?: (data: Readonly<Record<string, unknown>>) => string | number;
}

/** What is known of one mutation without a manifest. */
export interface Described {
  readonly kind: MutationKind;
  readonly typename: string | null;
  readonly entityId: string | null;
  /** Cache ids that it changes; null: anything. */
  readonly touches: readonly string[] | null;
  /** Cache ids and record ids that it needs. */
  readonly needs: readonly string[];
}

export type DescriptionFunction = 'entityId' | 'dependsOn';

const UNKNOWN: Described = { kind: 'custom', typename: null, entityId: null, touches: null, needs: [] };

/** A function that throws, or returns something else, leaves the mutation unknown: then it keeps its place among all others. */
export function describe(
  part: Pick<OperationPart, 'variables'> & { readonly expected?: unknown },
  description: MutationDescription,
  onThrow: (which: DescriptionFunction, error: unknown) => void,
): Described {
  const { kind = 'custom', typename = null } = description;
  const variables = part.variables as Record<string, unknown>;
  const id = run(
    'entityId',
    () => idText(description.entityId ? description.entityId(variables) : (idAmong(variables) ?? expectedId(part.expected, description))),
    onThrow,
  );
  const needs = run('dependsOn', () => texts(description.dependsOn?.(variables) ?? []), onThrow);
  if (id === undefined || needs === undefined) return UNKNOWN;
  if (typename !== null && kind !== 'custom') {
    // Nothing else can name what a create has not been given an id for.
    const touches = id !== null ? [`${typename}:${id}`] : kind === 'create' ? [] : null;
    return { kind, typename, entityId: id, touches, needs };
  }
  const own = typename !== null && id !== null ? [`${typename}:${id}`] : [];
  const touches = [...own, ...needs.filter(isCacheId)];
  return { ...UNKNOWN, touches: touches.length > 0 ? touches : null, needs: needs.filter((key) => !isCacheId(key)) };
}

/** `Todo:1`; the id of a record is a UUID. */
export function isCacheId(key: string): boolean {
  return key.includes(':');
}

function idAmong(variables: Variables): unknown {
  if (variables.id !== undefined) return variables.id;
  const objects = Object.values(variables).filter(isObject);
  return objects.length === 1 ? objects[0]?.id : null;
}

/** The id under which the optimistic response shows what the server will call otherwise. */
function expectedId(value: unknown, description: MutationDescription): unknown {
  if (!description.resolveId || typeof value !== 'object' || value === null) return null;
  const { __typename, id } = value as { readonly __typename?: unknown; readonly id?: unknown };
  if (__typename === description.typename && id !== undefined) return id;
  for (const member of Object.values(value)) {
    const found = expectedId(member, description);
    if (found !== null) return found;
  }
  return null;
}

function idText(id: unknown): string | null {
  if (id === null || id === undefined || id === '') return null;
  if (typeof id === 'string' || typeof id === 'number') return String(id);
  throw new TypeError(`expected an id, got ${typeof id}`);
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError('expected a list of cache ids or record ids');
}

function run<T>(which: DescriptionFunction, call: () => T, onThrow: (which: DescriptionFunction, error: unknown) => void): T | undefined {
  try {
    return call();
  } catch (error) {
    onThrow(which, error);
    return undefined;
  }
}
