import { type ApolloCache, ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { Observable } from 'rxjs';

type Script = ApolloLink.Result | Error | 'hang' | ((operation: ApolloLink.Operation) => ApolloLink.Result | Error | 'hang');

/** A terminating link that answers from a list, at once and in one go, as links that answer by themselves do. */
export function scriptedLink(...scripts: Script[]) {
  const operations: ApolloLink.Operation[] = [];
  let cancelled = 0;
  const link = new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        operations.push(operation);
        const script = scripts.shift();
        if (script === undefined) throw new Error(`expected a script for ${operation.operationName}`);
        const answer = typeof script === 'function' ? script(operation) : script;
        if (answer === 'hang') return () => (cancelled += 1);
        if (answer instanceof Error) observer.error(answer);
        else {
          observer.next(answer);
          observer.complete();
        }
        return undefined;
      }),
  );
  return {
    link,
    operations,
    get cancelled() {
      return cancelled;
    },
  };
}

/** A client whose links need one: operations carry it. */
export function clientOf(link: ApolloLink, cache: ApolloCache = new InMemoryCache()): ApolloClient {
  return new ApolloClient({ cache, link });
}

export interface Heard {
  readonly values: ApolloLink.Result[];
  error: unknown;
  isComplete: boolean;
  unsubscribe(): void;
}

export function listen(client: ApolloClient, link: ApolloLink, request: ApolloLink.Request): Heard {
  const heard: Heard = { values: [], error: undefined, isComplete: false, unsubscribe: () => subscription.unsubscribe() };
  const subscription = ApolloLink.execute(link, request, { client }).subscribe({
    next: (value) => heard.values.push(value),
    error: (error: unknown) => (heard.error = error),
    complete: () => (heard.isComplete = true),
  });
  return heard;
}
