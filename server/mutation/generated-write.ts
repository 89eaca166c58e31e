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

/** What the resolver of a generated field does. */
export interface GeneratedWrite {
  readonly kind: 'create' | 'update' | 'delete';
  readonly typename: string;
  /** Whether what was written is the answer as it stands; in a schema without unions more is made of it. */
  readonly isAnswer: boolean;
}

const generated = new WeakMap<object, GeneratedWrite>();

/** A property, for what a WeakMap holds outlives the request by a garbage collection or two, and every request makes one. */
const WRITE_AT = Symbol('writeAt');
type Shared = OfflineScope & { [WRITE_AT]?: WriteAt };

/** The resolver of a generated mutation field. */
export function generatedWrite(kind: GeneratedWrite['kind'], typename: string) {
  return (_root: unknown, { input }: WriteArgs, context: OfflineContext, { path }: GraphQLResolveInfo): Awaitable<WriteResult> => {
    const scope = offlineScope(context);
    const writeAt = (scope as Shared)[WRITE_AT];
    if (writeAt === undefined) return scope.write[kind](typename, input);
    return writeAt(String(path.key), (by) => by[kind](typename, input));
  };
}

/** Tells the generated ones among the mutation fields of a schema by what resolves them now: schema tools wrap what they are given. */
export function noteGeneratedWrites(schema: GraphQLSchema, writes: Iterable<readonly [name: string, write: GeneratedWrite]>): void {
  const fields = schema.getMutationType()?.getFields() ?? {};
  for (const [name, write] of writes) {
    const resolve = fields[name]?.resolve;
    if (resolve !== undefined) generated.set(resolve, write);
  }
}

/** `null`: another resolver, or somebody has put something around it since. */
export function generatedWriteOf(resolve: object | undefined): GeneratedWrite | null {
  return (resolve && generated.get(resolve)) ?? null;
}

/** Makes a scope that all root fields of a document share: the generated writes find theirs by the response key. */
export function shareScope(scope: OfflineScope, writeAt: WriteAt): void {
  (scope as Shared)[WRITE_AT] = writeAt;
}
