import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { type OfflineContext, type OfflineScope, offlineScope, type WriteResult } from '../context.ts';
import type { Awaitable } from '../steps.ts';
import type { VersionedWrite } from './versioned-write.ts';

interface WriteArgs {
  readonly input: Readonly<Record<string, unknown>>;
}

/** Does the write of one root field. */
export type WriteAt = (
  responseKey: string,
  write: (by: Pick<VersionedWrite, 'create' | 'update' | 'delete'>) => Awaitable<WriteResult>,
) => Awaitable<WriteResult>;

/** By resolver: the type whose entity, named by `input.id`, it takes; `null`: it makes one. */
const generated = new WeakMap<object, string | null>();
const shared = new WeakMap<OfflineScope, WriteAt>();

/** The resolver of a generated mutation field. */
export function generatedWrite(kind: 'create' | 'update' | 'delete', typename: string) {
  return (_root: unknown, { input }: WriteArgs, context: OfflineContext, { path }: GraphQLResolveInfo): Awaitable<WriteResult> => {
    const scope = offlineScope(context);
    const writeAt = shared.get(scope);
    if (writeAt === undefined) return scope.write[kind](typename, input);
    return writeAt(String(path.key), (by) => by[kind](typename, input));
  };
}

/**
 * Tells the generated ones among the mutation fields of a schema by what resolves them now: schema tools wrap what they are given.
 * `taken`: the type whose entity a field takes; `null`: it makes one.
 */
export function noteGeneratedWrites(schema: GraphQLSchema, writes: Iterable<readonly [name: string, taken: string | null]>): void {
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const [name, taken] of writes) {
    const resolve = fields[name]?.resolve;
    if (resolve !== undefined) generated.set(resolve, taken);
  }
}

/** The type whose entity a mutation field takes, where it is a generated one that does. */
export function takenBy(resolve: object | undefined): string | null {
  return (resolve && generated.get(resolve)) ?? null;
}

/** Whether this is such a resolver, and nobody has put something around it since. */
export function isGeneratedWrite(resolve: object | undefined): boolean {
  return resolve !== undefined && generated.has(resolve);
}

/** Makes a scope that all root fields of a document share: the generated writes find theirs by the response key. */
export function shareScope(scope: OfflineScope, writeAt: WriteAt): void {
  shared.set(scope, writeAt);
}
