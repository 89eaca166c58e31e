import {
  type ExecutionArgs,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isObjectType,
  isUnionType,
  Kind,
} from 'graphql';
import { ErrorCode, type FieldOutcome, type OfflineRequest } from '../schema/protocol.ts';
import type { OfflineUser, SyncPage } from './context.ts';
import { notify } from './notify.ts';

/** How one mutation root field of one request ended, told when that is settled: what an audit log and figures are made of. */
export interface MutationEvent {
  /** `null`: a stranger. */
  readonly user: OfflineUser | null;
  /** Of the device; `null` where the client named none. */
  readonly clientId: string | null;
  /** What the device calls this write; `null` where it gave it no id. */
  readonly mutationId: number | null;
  /** `updateTodo` */
  readonly field: string;
  /** The versioned type whose conflicts the field answers with; `null`: none. */
  readonly typename: string | null;
  /** `unauthenticated`: nobody is signed in, nothing ran. `failed`: nothing stayed, and the same may come again. */
  readonly outcome: FieldOutcome | 'unauthenticated' | 'failed';
  /** Codes of its errors, those of the machine as `INTERNAL_SERVER_ERROR`. */
  readonly codes: readonly string[];
  /** From the request's turn to the answer, in milliseconds: fields of one document share it. */
  readonly durationMs: number;
}

/** A page of `sync`, as it is handed out. */
export interface SyncEvent {
  readonly user: OfflineUser;
  readonly changes: number;
  readonly tombstones: number;
  readonly reset: boolean;
  /**
   * How long ago the oldest change of the page was made, in milliseconds by the server's clock: how far behind its reader was.
   * `null`: the page holds none, or the reader begins anew.
   */
  readonly lagMs: number | null;
}

/** A root field, and how it ended. */
interface Settled {
  readonly field: { readonly fieldName: string; readonly responseKey: string };
  readonly outcome: FieldOutcome | null;
  readonly errors: readonly GraphQLError[];
}

/** Begins to watch a mutation; what it answers tells how that ended, `null`: nobody is signed in. */
export function createMutationReporter(tell: (event: MutationEvent) => void) {
  return (args: ExecutionArgs, user: OfflineUser | null, request: OfflineRequest | null) => {
    const started = performance.now();
    return (settled: readonly Settled[] | null): void => {
      const durationMs = performance.now() - started;
      const report = (field: string, responseKey: string, outcome: MutationEvent['outcome'], codes: readonly string[]): void => {
        const known = request !== null && Object.hasOwn(request.mutations, responseKey) ? request.mutations[responseKey] : undefined;
        const [clientId, mutationId] = [request?.clientId ?? null, known?.id ?? null];
        const event = { user, clientId, mutationId, field, typename: typenameOf(args.schema, field), outcome, codes, durationMs };
        notify(tell, event);
      };
      if (settled === null)
        for (const { name, alias } of askedFields(args))
          report(name.value, alias?.value ?? name.value, 'unauthenticated', [ErrorCode.UNAUTHENTICATED]);
      else
        for (const { field, outcome, errors } of settled)
          report(field.fieldName, field.responseKey, outcome ?? 'failed', errors.map(codeOf));
    };
  };
}

export function syncEvent(user: OfflineUser, { changes, tombstones, reset }: SyncPage, isFirst: boolean, now: number): SyncEvent {
  const [oldest] = changes.map(({ _lastChangedAt }) => Date.parse(_lastChangedAt)).sort((a, b) => a - b);
  const lagMs = isFirst || reset || oldest === undefined ? null : Math.max(0, now - oldest);
  return { user, changes: changes.length, tombstones: tombstones.length, reset, lagMs };
}

function codeOf({ extensions, originalError }: GraphQLError): string {
  const isOurs = originalError == null || originalError instanceof GraphQLError;
  return isOurs && typeof extensions.code === 'string' ? extensions.code : ErrorCode.INTERNAL_SERVER_ERROR;
}

/** The versioned type that a mutation root field writes, as far as its result union tells. */
function typenameOf(schema: GraphQLSchema, field: string): string | null {
  const result = getNamedType(schema.getMutationType()?.getFields()[field]?.type);
  if (!isUnionType(result)) return null;
  for (const type of result.getTypes()) {
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Conflict')) continue;
    return getNamedType(type.getFields().server?.type)?.name ?? null;
  }
  return null;
}

/** The root fields that stand in the operation itself: of what was refused nobody looked further. */
function askedFields({ document, operationName }: ExecutionArgs): readonly FieldNode[] {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? [];
  return selections.filter((node) => node.kind === Kind.FIELD);
}
