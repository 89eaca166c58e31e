import { type DocumentNode, print } from 'graphql';
import { parseDocument } from '../outbox/document.ts';
import { readHttpAnswer } from '../replay/http-answer.ts';
import type { Answer } from '../replay/outcome.ts';
import type { ReplayRequest } from '../replay/request.ts';
import { multipartBody } from './multipart.ts';

/** Resolves with whatever the server answered; rejects when nothing did. */
export type FetchSend = (
  request: Omit<ReplayRequest, 'extensions'> & Partial<Pick<ReplayRequest, 'extensions'>>,
  signal: AbortSignal,
) => Promise<Answer>;

export interface FetchSendOptions {
  readonly endpoint: string;
  readonly fetch: typeof globalThis.fetch;
  readonly credentials: RequestCredentials;
  /** Headers of the moment of sending. Nothing of them is stored, least of all a token. */
  readonly headers: () => HeadersInit | Promise<HeadersInit>;
  /** What is asked for beyond the stored document. */
  readonly complete: (document: DocumentNode) => DocumentNode;
}

/** Sends by `fetch` alone what the tabs send through the link chain: the same document, the same identity, the same judgement. */
export function createFetchSend({ endpoint, fetch, credentials, headers, complete }: FetchSendOptions): FetchSend {
  return async ({ document, operationName, variables, extensions }, signal) => {
    const sent = new Headers(await headers());
    if (!sent.has('accept')) sent.set('accept', 'application/graphql-response+json, application/json');
    const query = print(complete(parseDocument(document)));
    const request = { operationName, variables, query, extensions };
    const files = multipartBody(request);
    // Of a form only the platform knows the boundary. Any page could make a browser send one: servers want a header that none could add.
    if (files) {
      sent.delete('content-type');
      sent.set('apollo-require-preflight', 'true');
    } else sent.set('content-type', 'application/json');
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: sent,
      body: files ?? JSON.stringify(request),
      cache: 'no-store',
      credentials,
      signal,
    });
    return readHttpAnswer({ status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.text() });
  };
}
