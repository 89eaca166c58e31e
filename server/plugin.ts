import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import {
  ErrorCode,
  EXTENSION,
  type OfflineRequest,
  type OfflineResponse,
  PROTOCOL_VERSION,
  parseOfflineRequest,
} from '../schema/protocol.ts';
import type { OfflineContext, OfflineUser } from './context.ts';
import { clientError, unauthenticated } from './errors.ts';
import { createMutationReporter } from './event.ts';
import type { Execute } from './mutation/execute-field.ts';
import { IDEMPOTENCY_HEADER } from './mutation/idempotency-key.ts';
import { createPlanner } from './mutation/plan.ts';
import { runMutation } from './mutation/run-mutation.ts';
import { ResolverSight } from './mutation/visible.ts';
import { isPlainExecutor } from './plain-executor.ts';
import { checkPluginOptions, checkUser, type UseOfflineOptions } from './plugin-options.ts';
import { createScopes } from './scope.ts';

/**
 * Makes a GraphQL server answer offline clients: every mutation root field runs in a transaction and at most once, conflicts are
 * found per field, and resolvers get `context.offline`. Only Envelop's hooks are used, so it runs in any Envelop server.
 *
 * ```ts
 * const store = sqliteStore({ file: 'app.db' });
 * createYoga({ schema: createOfflineSchema({ typeDefs, store }), plugins: [useOffline({ store, identify: ({ request }) => session(request) })] });
 * ```
 *
 * @throws OfflineServerError `BAD_OPTION` that names the option, what was expected and what came.
 */
export function useOffline<Context = YogaInitialContext>(options: UseOfflineOptions<Context>): Plugin<OfflineContext> {
  const settings = checkPluginOptions(options);
  const { store, limits, now } = settings;
  const scopes = createScopes({ ...settings, authorizes: options.authorize !== undefined });
  const planner = createPlanner();
  const reporter = options.onMutation === undefined ? NOBODY_LISTENS : createMutationReporter(settings.onMutation);

  const identify = async (context: unknown): Promise<OfflineUser | null> => checkUser(await settings.identify(context as Context));

  const withExtension = (result: ExecutionResult, mutations: OfflineResponse['mutations']): ExecutionResult => {
    const extension: OfflineResponse = { protocol: PROTOCOL_VERSION, mutations, serverTime: now(), epoch: store.epoch };
    return { ...result, extensions: { ...result.extensions, [EXTENSION]: extension } };
  };

  const execute = async (
    original: Execute,
    args: ExecutionArgs,
    user: OfflineUser | null,
    request: OfflineRequest | null,
    key: string | null,
  ): Promise<unknown> => {
    // Every answer to a client of ours names the epoch.
    if (request !== null) await store.ready();
    const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
    if (!isMutation || (user === null && request === null && key === null)) {
      const result = await original(args);
      return request !== null && isSingle(result) ? withExtension(result, {}) : result;
    }
    // A stranger's writes keep their ids: the same client sends them again once somebody is signed in.
    const report = reporter(args, user, request);
    if (user === null) {
      report(null);
      return { errors: [unauthenticated()] };
    }
    const { result, outcomes, settled } = await runMutation({
      store,
      limits,
      scopes,
      planner,
      execute: original,
      isPlainExecutor: isPlainExecutor(original),
      args,
      user,
      request,
      key,
      now,
    });
    report(settled);
    return request === null && Object.keys(outcomes).length === 0 ? result : withExtension(result, outcomes);
  };

  return {
    async onExecute({ args, executeFn, setExecuteFn, setResultAndStopExecution, extendContext }) {
      const sent = readExtension(args.contextValue);
      if (sent !== null && !sent.ok) {
        setResultAndStopExecution({ errors: [clientError(ErrorCode[sent.failure.code], sent.failure.message)] });
        return;
      }
      const user = await identify(args.contextValue);
      extendContext({
        offline: scopes.reading(user, new ResolverSight(args.schema, () => args.contextValue)),
      });
      setExecuteFn(
        (given) =>
          execute(executeFn as Execute, given as ExecutionArgs, user, sent?.request ?? null, keyOf(args.contextValue)) as ReturnType<
            typeof executeFn
          >,
      );
    },
    async onSubscribe({ args, extendContext }) {
      extendContext({
        offline: scopes.reading(await identify(args.contextValue), new ResolverSight(args.schema, () => args.contextValue)),
      });
    },
  };
}

const NOBODY_LISTENS: ReturnType<typeof createMutationReporter> = () => () => undefined;

/** The header, where the server speaks HTTP. */
function keyOf(context: unknown): string | null {
  return (context as Partial<YogaInitialContext> | null)?.request?.headers.get(IDEMPOTENCY_HEADER) ?? null;
}

/** `extensions.offline` as it was sent; `null` from a client that knows nothing of it. */
function readExtension(context: unknown): ReturnType<typeof parseOfflineRequest> | null {
  const sent: unknown = (context as Partial<YogaInitialContext> | null)?.params?.extensions?.[EXTENSION];
  return sent === undefined || sent === null ? null : parseOfflineRequest(sent);
}

function isSingle(result: unknown): result is ExecutionResult {
  return typeof result === 'object' && result !== null && !(Symbol.asyncIterator in result);
}
