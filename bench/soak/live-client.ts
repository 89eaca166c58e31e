/** One app that is open: it hears hints over server-sent events, pulls what changed, and now and then changes its own note. */
export interface LiveClient {
  /** Changes its own note; resolves with the version that this made. */
  write(): Promise<number>;
  /** The newest version of each note that it has been told, by note id. */
  readonly known: ReadonlyMap<string, number>;
  readonly pulls: number;
  close(): void;
}

const SYNC = `query ($since: SyncCursor) { sync(since: $since) { changes { ... on Note { id title _version } } cursor hasMore } }`;
const WRITE = `mutation ($input: UpdateNoteInput!) { updateNote(input: $input) { __typename ... on UpdateNotePayload { note { _version } } } }`;
const HINTS = 'subscription { syncHint { cursor } }';

interface Page {
  readonly changes: readonly { readonly id: string; readonly _version: number }[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/**
 * Opens a client and resolves when its first pull is done.
 * @param onNews hears of every change that a pull has brought.
 */
export async function openLiveClient(
  url: string,
  { clientId, noteId, onNews }: { readonly clientId: string; readonly noteId: string; onNews(id: string, version: number): void },
): Promise<LiveClient> {
  const known = new Map<string, number>();
  const leaving = new AbortController();
  let cursor: string | null = null;
  let pulls = 0;
  let mutationId = 0;
  let pulling: Promise<void> | null = null;
  let isStale = false;

  const post = async <T>(body: unknown): Promise<T> => {
    const send = (): Promise<Response> =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: leaving.signal });
    // A server ends connections that were idle, now and then as one is used again; a write has its id, so it may be sent once more.
    const response = await send().catch((error: unknown) => (leaving.signal.aborted ? Promise.reject(error) : send()));
    const { data, errors } = (await response.json()) as { readonly data: T; readonly errors?: unknown };
    if (errors !== undefined) throw new Error(`${clientId}: ${JSON.stringify(errors)}`);
    return data;
  };

  const pull = async (): Promise<void> => {
    do {
      isStale = false;
      const { sync }: { readonly sync: Page } = await post({ query: SYNC, variables: { since: cursor } });
      pulls += 1;
      for (const { id, _version } of sync.changes) {
        known.set(id, _version);
        onNews(id, _version);
      }
      cursor = sync.cursor;
      isStale ||= sync.hasMore;
    } while (isStale);
  };
  /** A hint during a pull makes one more of it, however many come. */
  const refresh = (): Promise<void> => {
    isStale = true;
    pulling ??= pull().finally(() => {
      pulling = null;
    });
    return pulling;
  };

  /** Who leaves in the middle of something is no failure. */
  const unlessLeaving = (error: unknown): void => {
    if (!leaving.signal.aborted) throw error;
  };

  const hints = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: HINTS }),
    signal: leaving.signal,
  });
  if (!hints.ok || hints.body === null) throw new Error(`${clientId}: expected an event stream, got HTTP ${hints.status}`);
  const listen = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of body) if (decoder.decode(chunk, { stream: true }).includes('event: next')) refresh().catch(unlessLeaving);
  };
  listen(hints.body).catch(unlessLeaving);
  await refresh();

  return {
    known,
    get pulls() {
      return pulls;
    },
    async write() {
      const input = { id: noteId, _version: known.get(noteId) ?? 1, title: `${clientId} ${++mutationId}` };
      const offline = { protocol: 1, clientId, ackedThrough: mutationId - 1, mutations: { updateNote: { id: mutationId } } };
      const { updateNote } = await post<{ readonly updateNote: { readonly note?: { readonly _version: number } } }>({
        query: WRITE,
        variables: { input },
        extensions: { offline },
      });
      if (updateNote.note === undefined) throw new Error(`${clientId}: expected its own note changed, got ${JSON.stringify(updateNote)}`);
      known.set(noteId, Math.max(known.get(noteId) ?? 0, updateNote.note._version));
      return updateNote.note._version;
    },
    close: () => leaving.abort(),
  };
}
