/** What the server answered to one sync query, on its way from the tab that asked to the others. */
export interface RelayedPage {
  /** The cursor that it goes on from: a tab that stands elsewhere has missed something, and asks for itself. */
  readonly since: unknown;
  /** As it came; who gets it checks it like an answer of the server. */
  readonly data: unknown;
}

/** Pages that one tab has pulled are as good in every other tab of the same user that stands at the same cursor. */
export interface Relayed {
  /** The server has answered a pull of this tab. */
  note(since: unknown, data: unknown): void;
  /** What the others need not ask for, since the last call; `null`: it is too much for a message, or no one could go on from it. */
  take(): readonly RelayedPage[] | null;
  /** False: they lead to where this tab stands, so it has them. */
  hear(pages: readonly RelayedPage[], cursor: unknown): boolean;
  /** The answer to a pull from this cursor; `undefined`: nobody has heard of one. */
  answer(since: unknown): unknown;
  /** What was heard is used up, or out of date. */
  forget(): void;
}

/** Characters of JSON. A message is copied once for every tab, while its page stands still. */
const MOST = 200_000;

export function createRelayed(): Relayed {
  let noted: RelayedPage[] | null = [];
  let size = 0;
  const heard = new Map<string, unknown>();
  return {
    note(since, data) {
      size += JSON.stringify(data).length;
      // From nothing, or after a reset, a tab also takes away what did not come: each does that for itself.
      const isUsable = since !== null && pageOf(data)?.reset !== true;
      if (!isUsable || size > MOST) noted = null;
      else noted?.push({ since, data });
    },
    take() {
      const taken = noted;
      noted = [];
      size = 0;
      return taken;
    },
    hear(pages, cursor) {
      const last = pageOf(pages.at(-1)?.data)?.cursor;
      if (last !== undefined && JSON.stringify(last) === JSON.stringify(cursor)) return false;
      for (const { since, data } of pages) heard.set(JSON.stringify(since), data);
      return true;
    },
    answer: (since) => heard.get(JSON.stringify(since)),
    forget: () => heard.clear(),
  };
}

function pageOf(data: unknown): { readonly reset?: unknown; readonly cursor?: unknown } | null | undefined {
  return (data as { readonly sync?: { readonly reset?: unknown; readonly cursor?: unknown } | null } | null | undefined)?.sync;
}
