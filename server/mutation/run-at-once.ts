import { type ExecutionResult, valueFromASTUntyped } from 'graphql';
import type { OfflineRequest } from '../../schema/protocol.ts';
import { type Awaitable, run, type Steps, wait } from '../steps.ts';
import type { ResultKey, StoredResult, WriteTransaction } from '../store/store.ts';
import { type FieldAnswer, writeAnswer } from './answer.ts';
import { runDirect } from './direct.ts';
import { isResult, within } from './execute-field.ts';
import { createFingerprint } from './fingerprint.ts';
import type { MutationJob } from './mutation-job.ts';
import type { FieldPlan, OperationPlan } from './plan.ts';
import { ResolverSight } from './visible.ts';

/** Nothing of the attempt stays; field by field it is found out what stood in its way. */
class NotAtOnce extends Error {}

/**
 * The way of nearly every document: generated writes that come for the first time, and all go well. Executed as it stands, by one
 * execution in one transaction,
 * for what each root field costs by itself (a savepoint, an execution, a look for an earlier answer) is more than its write.
 * That each field succeeds or fails alone still holds. A conflict or a refusal of a generated write has written nothing that would have to
 * be undone. After anything else, an error above all, the whole attempt is undone, and `null` says that the fields are to be run one
 * by one: so what they call beyond the store may be called again, as after a deadlock.
 */
export async function runAtOnce(job: MutationJob, plan: OperationPlan): Promise<readonly FieldAnswer[] | null> {
  const { request, key, store } = job;
  if (request === null || key !== null || !plan.onlyWrites) return null;
  if (!plan.fields.every(({ responseKey }) => Object.hasOwn(request.mutations, responseKey))) return null;
  try {
    return await store.write((transaction) => run(runIn(transaction, job, plan, request)));
  } catch {
    return null;
  }
}

function* runIn(
  transaction: WriteTransaction,
  job: MutationJob,
  plan: OperationPlan,
  request: OfflineRequest,
): Steps<readonly FieldAnswer[]> {
  const { args, limits, scopes, user } = job;
  const { fields, operation } = plan;
  const { clientId, ackedThrough, mutations, retired = [] } = request;
  const watermark = yield* wait(transaction.acknowledge(user.id, clientId, ackedThrough));
  for (const other of retired) if (other !== clientId) yield* wait(transaction.retire(user.id, other));

  const ids = fields.map(({ responseKey }) => mutations[responseKey]?.id ?? 0);
  const [first, last] = [Math.min(...ids), Math.max(...ids)];
  // Settled long ago; or so many without an answer that they have to be counted; or a repeat, perhaps.
  if (first <= watermark || last - watermark > limits.unacknowledgedResults) throw new NotAtOnce();
  if (yield* wait(transaction.hasResults(user.id, clientId, first, last))) throw new NotAtOnce();

  if (transaction.expects && fields.length > 1) yield* wait(transaction.expect(entitiesTaken(fields, args.variableValues ?? {})));

  const { scope, outcomes, isFit, writeAt } = scopes.sharing(
    user,
    transaction,
    request,
    new ResolverSight(args.schema, () => contextValue),
  );
  const contextValue: unknown = { ...(args.contextValue as object), offline: scope };
  const inTime = (work: unknown): Awaitable<unknown> => within(limits.fieldTimeoutMs, operation.name?.value ?? 'mutation', work);
  const data =
    plan.direct !== null && job.isPlainExecutor
      ? ((yield* wait(inTime(run(runDirect(plan.direct, args, writeAt))))) as readonly unknown[] | null)
      : dataOf(plan, yield* wait(inTime(job.execute({ ...args, contextValue }))));
  if (data === null || !isFit()) throw new NotAtOnce();

  const fingerprint = createFingerprint(operation, args.variableValues ?? {});
  const answers: FieldAnswer[] = [];
  const results: (readonly [ResultKey, StoredResult])[] = [];
  for (const [index, { responseKey, node }] of fields.entries()) {
    const outcome = outcomes.get(responseKey);
    if (outcome === undefined) throw new NotAtOnce();
    const answer = { data: data[index], errors: [], outcome };
    const place = { user: user.id, clientId, mutationId: ids[index] ?? 0 };
    results.push([place, { fingerprint: fingerprint(node), outcome, answer: writeAnswer(answer) }]);
    answers.push(answer);
  }
  yield* wait(transaction.saveResults(results));
  return answers;
}

/** As far as the document says before it runs. What is no id by then is refused by then. */
function entitiesTaken(
  fields: readonly FieldPlan[],
  variables: Readonly<Record<string, unknown>>,
): readonly { readonly __typename: string; readonly id: string }[] {
  return fields.flatMap(({ write, node }) => {
    const input = node.arguments?.find(({ name }) => name.value === 'input');
    if (write === null || write.kind === 'create' || input === undefined) return [];
    const { id } = (valueFromASTUntyped(input.value, variables) ?? {}) as { readonly id?: unknown };
    return typeof id === 'string' ? [{ __typename: write.typename, id }] : [];
  });
}

/** What each root field came to; `null`: not all went well. */
function dataOf({ fields }: OperationPlan, result: unknown): readonly unknown[] | null {
  return isComplete(result) ? fields.map(({ responseKey }) => result.data[responseKey]) : null;
}

function isComplete(result: unknown): result is ExecutionResult & { readonly data: Readonly<Record<string, unknown>> } {
  return isResult(result) && result.data != null && (result.errors === undefined || result.errors.length === 0);
}
