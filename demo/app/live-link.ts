import { ApolloLink, Observable } from '@apollo/client';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';

/** Carries subscriptions as server-sent events. It never reconnects by itself: whoever subscribes decides when to try again. */
export function liveLink(url: string, headers: Record<string, string>): ApolloLink {
  const client = createClient({ url, headers, retryAttempts: 0 });
  return new ApolloLink(
    ({ query, variables, operationName }) =>
      new Observable((observer) =>
        client.subscribe(
          { query: print(query), variables, ...(operationName === undefined ? {} : { operationName }) },
          {
            next: (result) => observer.next(result as ApolloLink.Result),
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          },
        ),
      ),
  );
}
