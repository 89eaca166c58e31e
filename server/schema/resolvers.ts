import type { GraphQLResolveInfo } from 'graphql';
import { asksForIdOnly } from '../../schema/selection.ts';
import type { VersionedTypes } from '../../schema/types.ts';
import {
  type LeaseResult,
  type ListArgs,
  type OfflineContext,
  offlineScope,
  type SyncArgs,
  syncHints,
  syncPage,
  type WriteResult,
} from '../context.ts';
import type { Awaitable } from '../steps.ts';
import type { Row } from '../store/store.ts';
import { DateTime, SyncCursor, Version } from './scalars.ts';

interface WriteArgs {
  readonly input: Readonly<Record<string, unknown>>;
}

/** Makes the resolver of a generated mutation field. */
type WriteResolver = (
  kind: 'create' | 'update' | 'delete',
  typename: string,
) => (root: unknown, args: WriteArgs, context: OfflineContext, info: GraphQLResolveInfo) => Awaitable<WriteResult>;

/** What was written or leased; throws what is neither. For schemas without unions. */
export interface ErrorsProfile {
  payload(result: WriteResult, context: OfflineContext, info: GraphQLResolveInfo): Promise<unknown>;
  lease(result: LeaseResult): unknown;
}

/** A resolver for every generated field. All of them go through context.offline, so that who may see and write what is decided there. */
export function offlineResolvers({ types, names }: VersionedTypes, writeResolver: WriteResolver, errorsProfile: ErrorsProfile | null) {
  const query: Record<string, unknown> = { sync: (_root: unknown, args: SyncArgs, context: OfflineContext) => syncPage(context, args) };
  const mutation: Record<string, unknown> = {};
  const entities: Record<string, Record<string, unknown>> = {};
  for (const [typename, own] of Object.entries(names)) {
    query[own.entity] = (_root: unknown, { id }: { readonly id: string }, context: OfflineContext) =>
      offlineScope(context).read.get(typename, id);
    query[own.list] = (_root: unknown, args: ListArgs, context: OfflineContext) => offlineScope(context).read.list(typename, args);
    for (const kind of ['create', 'update', 'delete'] as const) {
      const write = writeResolver(kind, typename);
      mutation[own[kind]] =
        errorsProfile === null
          ? write
          : async (root: unknown, args: WriteArgs, context: OfflineContext, info: GraphQLResolveInfo) =>
              errorsProfile.payload(await write(root, args, context, info), context, info);
    }
    const references = Object.entries(types[typename]?.fields ?? {}).filter(([, field]) => field.kind === 'reference');
    entities[typename] = Object.fromEntries(
      references.map(([name, field]) => [
        name,
        (row: Row, _args: unknown, context: OfflineContext, info: GraphQLResolveInfo) =>
          resolveReference(row[field.input], field.type, context, info),
      ]),
    );
  }
  if (Object.keys(names).length > 0) Object.assign(mutation, leaseResolvers(errorsProfile?.lease ?? ((result) => result)));
  return {
    DateTime,
    Version,
    SyncCursor,
    ...entities,
    Query: query,
    ...(Object.keys(mutation).length > 0 ? { Mutation: mutation } : {}),
    Subscription: {
      syncHint: {
        subscribe: (_root: unknown, args: { readonly types?: readonly string[] | null }, context: OfflineContext) =>
          syncHints(context, args),
      },
    },
  };
}

interface LeaseArgs {
  readonly typename: string;
  readonly id: string;
  readonly fencingToken: number;
  readonly ttlMs: number;
}

const leaseResolvers = (answer: (result: LeaseResult) => unknown) => ({
  acquireLease: async (_root: unknown, { typename, id, ttlMs }: LeaseArgs, context: OfflineContext) =>
    answer(await offlineScope(context).lease.acquire(typename, id, ttlMs)),
  renewLease: async (_root: unknown, { typename, id, fencingToken, ttlMs }: LeaseArgs, context: OfflineContext) =>
    answer(await offlineScope(context).lease.renew(typename, id, fencingToken, ttlMs)),
  releaseLease: (_root: unknown, { typename, id, fencingToken }: LeaseArgs, context: OfflineContext) =>
    offlineScope(context).lease.release(typename, id, fencingToken),
});

async function resolveReference(id: unknown, typename: string, context: OfflineContext, info: GraphQLResolveInfo): Promise<unknown> {
  if (typeof id !== 'string') return null;
  // Sync pages and most lists ask for the id alone, which the row itself holds: no read, and no failure when the target is gone.
  if (asksForIdOnly(info.fieldNodes)) return { __typename: typename, id };
  return await offlineScope(context).read.get(typename, id, { deleted: true });
}
