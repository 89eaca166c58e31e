import { type ExecutionResult, GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import type { FieldOutcome } from '../../schema/protocol.ts';
import { badInput } from '../errors.ts';
import type { WriteTransaction } from '../store/store.ts';
import type { FieldAnswer } from './answer.ts';
import { executeField } from './execute-field.ts';
import { createFingerprint } from './fingerprint.ts';
import { identityOfKey, keyOfDirective, parseIdempotencyKey } from './idempotency-key.ts';
import type { MutationJob } from './mutation-job.ts';
import { runOnce, runUnderKey, runUndoable } from './once.ts';
import type { FieldPlan, OperationPlan } from './plan.ts';
import { runAtOnce } from './run-at-once.ts';
import { ResolverSight } from './visible.ts';

export interface MutationResult {
  readonly result: ExecutionResult;
  readonly outcomes: Readonly<Record<string, { readonly outcome: FieldOutcome }>>;
  /** Every root field that was reached, in their order. */
  readonly settled: readonly SettledField[];
}

interface SettledField extends Pick<FieldAnswer, 'outcome' | 'errors'> {
  readonly field: FieldPlan;
}

/** Runs a mutation field by field, each in its own savepoint and all in as few commits as the time limit allows. */
export async function runMutation(job: MutationJob): Promise<MutationResult> {
  const { args } = job;
  const operation = getOperationAST(args.document, args.operationName);
  const planForAll = operation == null ? null : job.planner.planForAll(args.schema, args.document, operation);
  const atOnce = planForAll === null ? null : await runAtOnce(job, planForAll);
  if (planForAll !== null && atOnce !== null) return assemble(job, planForAll, atOnce, NO_KEYS);
  const variables =
    operation == null ? null : getVariableValues(args.schema, operation.variableDefinitions ?? [], args.variableValues ?? {});
  // Wrong variables, or no such operation: nothing can run, and the executor finds the words for it.
  if (operation == null || variables?.coerced === undefined)
    return { result: (await job.execute(args)) as ExecutionResult, outcomes: {}, settled: [] };

  const plan = job.planner.plan(args.schema, args.document, operation, variables.coerced);
  const keys = readKeys(job, plan, variables.coerced);
  if (keys instanceof GraphQLError) return { result: { errors: [keys] }, outcomes: {}, settled: [] };
  const answers: FieldAnswer[] = [];
  while (answers.length < plan.fields.length && !answers.some((answer, index) => stops(job, plan.fields[index], answer))) {
    const rest = plan.fields.slice(answers.length);
    const done = job.store.write((transaction) => runSome(job, plan, rest, keys, transaction));
    answers.push(...(await done.catch((error: unknown) => rest.map((field) => failed(field, error)))));
  }
  return assemble(job, plan, answers, keys);
}

/** As many fields as fit into the time that one transaction may take; at least one. */
async function runSome(
  job: MutationJob,
  plan: OperationPlan,
  fields: readonly FieldPlan[],
  keys: Keys,
  transaction: WriteTransaction,
): Promise<readonly FieldAnswer[]> {
  const { request, user, limits } = job;
  const watermark = request === null ? 0 : await transaction.acknowledge(user.id, request.clientId, request.ackedThrough);
  for (const clientId of request?.retired ?? []) if (clientId !== request?.clientId) await transaction.retire(user.id, clientId);

  const started = performance.now();
  const answers: FieldAnswer[] = [];
  for (const field of fields) {
    const answer = await runField(job, plan, field, { watermark, key: keys.get(field.responseKey) }, transaction).catch((error: unknown) =>
      failed(field, error),
    );
    answers.push(answer);
    if (stops(job, field, answer) || performance.now() - started > limits.fieldTimeoutMs) break;
  }
  return answers;
}

function runField(
  job: MutationJob,
  plan: OperationPlan,
  field: FieldPlan,
  { watermark, key }: { readonly watermark: number; readonly key: string | undefined },
  transaction: WriteTransaction,
): Promise<FieldAnswer> {
  const { args, execute, limits, request, scopes, user } = job;
  const { responseKey } = field;
  const entry = request !== null && Object.hasOwn(request.mutations, responseKey) ? request.mutations[responseKey] : undefined;
  const clientId = request?.clientId ?? null;
  const run = (part: WriteTransaction): Promise<FieldAnswer> => {
    const contextValue: unknown = {
      ...(args.contextValue as object),
      offline: scopes.writing(user, part, {
        clientId,
        entry: entry ?? null,
        sight: new ResolverSight(args.schema, () => contextValue),
      }),
    };
    return executeField(execute, { ...args, document: field.document, contextValue }, responseKey, limits.fieldTimeoutMs);
  };
  const rest = { responseKey, unacknowledgedResults: limits.unacknowledgedResults };
  const print = (): string => createFingerprint(plan.operation, args.variableValues ?? {})(field.node);
  if (key !== undefined) return runUnderKey(transaction, { ...rest, fingerprint: print }, identityOfKey(user.id, key, job.now()), run);
  if (request === null || entry === undefined) return runUndoable(transaction, run);
  const place = { user: user.id, clientId: request.clientId, mutationId: entry.id };
  return runOnce(transaction, { ...rest, key: place, fingerprint: print, watermark }, run);
}

/** By response key, what each field is to be known by besides the ids of our own clients. */
type Keys = ReadonlyMap<string, string>;
const NO_KEYS: Keys = new Map();

/** A key that cannot be honoured is refused before anything runs: run without it, the write would not be safe to repeat. */
function readKeys({ key, request }: MutationJob, plan: OperationPlan, variables: Readonly<Record<string, unknown>>): Keys | GraphQLError {
  const keys = new Map<string, string>();
  const note = ({ responseKey }: FieldPlan, value: unknown, at: string): GraphQLError | null => {
    const parsed = parseIdempotencyKey(value);
    if (parsed === null) return badInput(`${at}: expected 1 to 255 visible ASCII characters without spaces.`);
    if (request !== null && Object.hasOwn(request.mutations, responseKey))
      return badInput(`${at}: ${responseKey} has an id in extensions.offline already; send one of the two.`);
    if (keys.has(responseKey) || [...keys.values()].includes(parsed)) return badInput(`${at}: expected one key for one field.`);
    keys.set(responseKey, parsed);
    return null;
  };
  for (const field of plan.fields) {
    const value = keyOfDirective(field.node, variables);
    const problem = value === undefined ? null : note(field, value, '@idempotent(key:)');
    if (problem !== null) return problem;
  }
  if (key === null) return keys;
  const [field, ...others] = plan.fields;
  if (field === undefined) return keys;
  if (others.length > 0)
    return badInput(`Idempotency-Key: expected one mutation field in the request, got ${plan.fields.length}; give each @idempotent(key:).`);
  return note(field, key, 'Idempotency-Key') ?? keys;
}

/**
 * For a plain client: a non-null root field without a value ends the operation, as the specification says. For ours the fields of
 * a document are independent writes, so the answer of one never hides that of another.
 */
function stops({ request }: MutationJob, field: FieldPlan | undefined, answer: FieldAnswer): boolean {
  return request === null && field?.nullable === false && answer.data === null;
}

/** Not this write's fault, perhaps, but nothing of it stayed. Servers mask what `originalError` says. */
function failed({ responseKey, node }: FieldPlan, error: unknown): FieldAnswer {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return {
    data: null,
    errors: [new GraphQLError(originalError.message, { nodes: node, path: [responseKey], originalError })],
    outcome: null,
  };
}

function assemble(job: MutationJob, plan: OperationPlan, answers: readonly FieldAnswer[], keys: Keys): MutationResult {
  // No prototype: `__proto__` is a response key like any other.
  const data: Record<string, unknown> = Object.create(null);
  const outcomes: Record<string, { outcome: FieldOutcome }> = Object.create(null);
  const errors: GraphQLError[] = [];
  const settled: SettledField[] = [];
  let stopped = false;
  for (const [index, answer] of answers.entries()) {
    const field = plan.fields[index];
    if (field === undefined) break;
    data[field.responseKey] = answer.data;
    errors.push(...answer.errors);
    settled.push({ field, outcome: answer.outcome, errors: answer.errors });
    stopped ||= stops(job, field, answer);
    const isKnown = keys.has(field.responseKey) || (job.request !== null && Object.hasOwn(job.request.mutations, field.responseKey));
    if (answer.outcome !== null && isKnown) outcomes[field.responseKey] = { outcome: answer.outcome };
  }
  return { result: { data: stopped ? null : data, ...(errors.length > 0 ? { errors } : {}) }, outcomes, settled };
}
