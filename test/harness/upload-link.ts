import { ApolloLink, ServerError } from '@apollo/client';
import { print } from 'graphql';
import { Observable } from 'rxjs';

/**
 * What applications put in the place of HttpLink when they send files: the GraphQL multipart request specification, and nothing
 * that knows of an outbox. https://github.com/jaydenseric/graphql-multipart-request-spec
 */
export function uploadLink(uri: string, fetch: typeof globalThis.fetch, headers: Readonly<Record<string, string>> = {}): ApolloLink {
  return new ApolloLink(
    ({ query, operationName, variables, extensions }) =>
      new Observable((observer) => {
        const patience = new AbortController();
        const files = new Map<string, Blob>();
        const operations = { query: print(query), operationName, variables: withoutFiles(variables, 'variables', files), extensions };
        const body = new FormData();
        body.append('operations', JSON.stringify(operations));
        body.append('map', JSON.stringify(Object.fromEntries([...files.keys()].map((path, at) => [at, [path]]))));
        for (const [at, file] of [...files.values()].entries()) body.append(String(at), file);
        fetch(uri, { method: 'POST', headers: { accept: 'application/json', ...headers }, body, signal: patience.signal })
          .then(async (response) => {
            const bodyText = await response.text();
            if (!response.ok) throw new ServerError(`HTTP ${response.status}`, { response, bodyText });
            observer.next(JSON.parse(bodyText) as ApolloLink.Result);
            observer.complete();
          })
          .catch((error: unknown) => observer.error(error));
        return () => patience.abort();
      }),
  );
}

function withoutFiles(value: unknown, path: string, files: Map<string, Blob>): unknown {
  if (value instanceof Blob) {
    files.set(path, value);
    return null;
  }
  if (Array.isArray(value)) return value.map((item, at) => withoutFiles(item, `${path}.${at}`, files));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)]));
}
