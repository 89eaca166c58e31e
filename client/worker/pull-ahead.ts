import { print } from 'graphql';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { chainFrom, createAhead } from '../cache/ahead.ts';
import { readStoredCheckpoint } from '../cache/stored-checkpoint.ts';
import { OfflineError } from '../errors.ts';
import { type Answer, classify } from '../replay/outcome.ts';
import { cursorOf } from '../sync/checkpoint.ts';
import type { SyncPage } from '../sync/page.ts';
import { createPageQuery } from '../sync/page-query.ts';
import { type BackgroundOptions, checkBackgroundOptions } from './options.ts';
import { type Left, openTurn, type Turn } from './turn.ts';

/** What others have changed, as far as it was fetched with no tab open; or why it was not. */
export interface PullAheadReport {
  /** Entities and tombstones that were fetched and kept by this call. */
  readonly changes: number;
  readonly tombstones: number;
  readonly pages: number;
  /**
   * `pulled`: there is nothing more. `full`: there is, and no room for it until a tab takes in what is kept. `left`: to the next tab,
   * because nothing has been pulled yet, the schema is another one, or the server does not go on from where the last pull ended.
   * The others as in {@link BackgroundReport}.
   */
  readonly ended: 'pulled' | 'full' | 'left' | Left;
}

const NOTHING = { changes: 0, tombstones: 0, pages: 0 } as const;

/** Each is a key to read at the next start. */
const MAX_PAGES = 100;

/**
 * Fetches what others have changed since the last pull of whoever is signed in, and keeps it beside the stored cache: the next tab
 * takes it in as if it had just been pulled, with or without a network. Page by page, so that whatever ends it loses nothing; in the
 * same line as the tabs, so that it never runs beside one. Only goes on from where a tab has been: the first pull is a tab's.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
export async function pullAhead(options: BackgroundOptions = {}): Promise<PullAheadReport> {
  checkBackgroundOptions(options);
  const turn = await openTurn(options);
  if (!turn) return { ...NOTHING, ended: 'nobody' };
  try {
    return await pullIn(turn, options);
  } finally {
    turn.close();
  }
}

/** The same, as a part of what is done in one turn. */
export async function pullIn(turn: Turn, options: BackgroundOptions): Promise<PullAheadReport> {
  const { manifest, maxPulledLength = 2_000_000, onEvent = () => undefined } = options;
  if (!manifest) return { ...NOTHING, ended: 'left' };
  const { schemaHash } = manifest;
  const ahead = createAhead({ storage: turn.areas.cache, schemaHash, onEvent });
  const ask = askForPages(turn, manifest, onEvent);
  let kept: Omit<PullAheadReport, 'ended'> = NOTHING;

  const run = async (signal: AbortSignal): Promise<'pulled' | 'full' | 'left'> => {
    const from = cursorOf(await readStoredCheckpoint(turn.areas.cache, schemaHash));
    const stored = await ahead.read();
    const chain = from === null ? [] : chainFrom(from, stored.pages);
    const keys = chain.map(({ key }) => key);
    // A tab has gone another way since.
    await ahead.remove(stored.keys.filter((key) => !keys.includes(key)));
    if (from === null) return 'left';
    let length = chain.reduce((sum, { text }) => sum + text.length, 0);
    let last = chain.at(-1);
    let cursor: unknown = last?.cursor ?? from;
    for (;;) {
      if (length >= maxPulledLength || keys.length >= MAX_PAGES) return 'full';
      const answer = await ask(cursor, signal);
      if (answer === null) return 'left';
      const { page, text, next } = answer;
      // What is kept leads to where nobody can go on from.
      if (page.reset) {
        await ahead.remove(keys);
        kept = NOTHING;
        return 'left';
      }
      if (!(await turn.isSignedIn()) || signal.aborted) return 'left';
      const size = page.changes.length + page.tombstones.length;
      // One page that says nothing is as good as many.
      const over = last?.size === 0 ? last : null;
      const content = { since: over ? over.since : cursor, cursor: page.cursor, size, text, at: turn.clock.now() };
      const key = await ahead.put(content, over?.key);
      if (!over) keys.push(key);
      last = { ...content, key };
      length += text.length - (over?.text.length ?? 0);
      cursor = page.cursor;
      kept = {
        changes: kept.changes + page.changes.length,
        tombstones: kept.tombstones + page.tombstones.length,
        pages: kept.pages + 1,
      };
      if (next === null) return 'pulled';
    }
  };

  let ended: 'pulled' | 'full' | 'left' = 'left';
  await turn.hold(async (signal) => {
    try {
      ended = await run(signal);
    } catch (error) {
      if (!OfflineError.is(error, 'STORAGE_FULL')) throw error;
      // What can be fetched again gives way to what cannot.
      ended = 'full';
      kept = NOTHING;
      await ahead.remove((await ahead.read()).keys);
    }
  });
  return { ...kept, ended: turn.left() ?? ended };
}

interface Fetched {
  readonly page: SyncPage;
  readonly text: string;
  /** Null: it was the last. */
  readonly next: unknown;
}

/** Null: there is no page to be had, or none from there; why is with the turn, where it is not the server's own no. */
function askForPages(
  turn: Turn,
  manifest: OfflineManifest,
  onEvent: (event: { readonly code: string; readonly message: string }) => void,
): (since: unknown, signal: AbortSignal) => Promise<Fetched | null> {
  const query = createPageQuery(manifest);
  const document = print(query.document);
  return async (since, signal) => {
    const variables = query.variables(since);
    const answer = await bounded(turn, signal, (until) => turn.send({ document, operationName: 'FarsideSync', variables }, until));
    if (signal.aborted) return null;
    const outcome = classify(answer, { responseKey: 'sync', mutation: null }, turn.clock.now());
    if (outcome.kind === 'unauthenticated') turn.leave('unauthenticated');
    if (outcome.kind === 'retryable') turn.leave('unreachable');
    if (answer.kind !== 'result' || answer.errors.length > 0 || outcome.kind !== 'applied') return null;
    try {
      const page = query.read(answer.data);
      return { page, text: JSON.stringify(answer.data), next: query.next(page, since) };
    } catch (error) {
      onEvent({ code: 'SYNC_FAILED', message: String(error) });
      return null;
    }
  };
}

async function bounded(
  { clock, timeoutMs }: Pick<Turn, 'clock' | 'timeoutMs'>,
  signal: AbortSignal,
  send: (until: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const over = new AbortController();
  const end = (): void => over.abort();
  const stop = clock.after(timeoutMs, end);
  signal.addEventListener('abort', end, { once: true });
  const gaveUp = new Promise<never>((_, reject) => over.signal.addEventListener('abort', () => reject(new Error('given up'))));
  try {
    return await Promise.race([send(over.signal), gaveUp]);
  } catch (error) {
    return { kind: 'unreachable', message: String(error) };
  } finally {
    stop();
    signal.removeEventListener('abort', end);
  }
}
