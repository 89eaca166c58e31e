import { execute, parse } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';

let known: ReadonlySet<unknown> | null = null;

/**
 * Whether an executor does what the specification says and nothing else: graphql's own, or the one that a Yoga without plugins uses, found
 * out by asking one. What another plugin has put around them is another function, and is not to be passed by.
 */
export function isPlainExecutor(executor: unknown): boolean {
  known ??= plainExecutors();
  return known.has(executor);
}

function plainExecutors(): ReadonlySet<unknown> {
  const found = new Set<unknown>([execute]);
  const yoga = createYoga({
    schema: createSchema({ typeDefs: 'type Query { ping: String }' }),
    logging: false,
    plugins: [{ onExecute: ({ executeFn }: { readonly executeFn: unknown }) => void found.add(executeFn) }],
  });
  const { execute: run, schema } = yoga.getEnveloped({});
  run({ schema, document: parse('{ ping }') });
  return found;
}
