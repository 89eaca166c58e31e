/** An app with mutations made offline. */
export interface Sender {
  /** Makes one mutation for each id, offline; resolves when all are kept. */
  queue(ids: readonly string[]): Promise<void>;
  /** The network is back: resolves when the server's answer has come for each. */
  send(): Promise<void>;
  close(): void | Promise<void>;
}

export interface SenderDeps {
  readonly url: string;
  /** With the latency of the line, and six connections at once, as a browser has them. */
  readonly fetch: typeof globalThis.fetch;
}

export interface Contestant {
  readonly name: string;
  open(deps: SenderDeps): Promise<Sender>;
}

export const CREATE =
  'mutation CreateNote($input: CreateNoteInput!) { createNote(input: $input) { ... on CreateNotePayload { note { id title votes _version } } } }';

export const inputOf = (id: string) => ({ id, title: `The note that is called ${id}`, votes: 0 });

/** What Farside's document gets besides, so that the peers' answers carry the same. */
export const CREATE_ALL =
  'mutation CreateNote($input: CreateNoteInput!) { createNote(input: $input) { __typename ... on CreateNotePayload { note { __typename id title votes _version _lastChangedAt _deleted } } } }';
