import { OfflineError } from '../errors.ts';
import { type BackgroundReport, drainIn, drainOutbox, NOTHING_SENT } from './drain-outbox.ts';
import { type BackgroundOptions, checkBackgroundOptions } from './options.ts';
import { pullIn } from './pull-ahead.ts';
import { openTurn } from './turn.ts';

/** What the page and the service worker call their arrangement by. */
export const BACKGROUND_SYNC_TAG = 'farside-outbox';

/** A `sync` or `periodicsync` event, of which TypeScript's libraries know nothing yet. */
export interface BackgroundSyncEvent {
  readonly tag: string;
  /** `sync` or `periodicsync`. */
  readonly type?: string;
  waitUntil(work: Promise<unknown>): void;
}

/**
 * In the service worker, as listener of `sync` and of `periodicsync`: drains the outbox with no tab open, see {@link drainOutbox}. At
 * `periodicsync` it then fetches what others have changed, see {@link pullAhead}.
 * Events with another tag are somebody else's: `null`. The event fails, so that the browser fires it again later, while something is
 * left that may be sent then: the network was gone, or a tab had it in hand that may not live. What waits for a sign-in is left to
 * the next tab.
 */
export function handleBackgroundSync(event: BackgroundSyncEvent, options: BackgroundOptions = {}): Promise<BackgroundReport> | null {
  if (event.tag !== BACKGROUND_SYNC_TAG) return null;
  const drained = event.type === 'periodicsync' ? drainAndPull(options) : drainOutbox(options);
  event.waitUntil(
    drained.then(({ ended, remaining }) => {
      if (remaining === 0 || ended === 'nobody' || ended === 'paused' || ended === 'unauthenticated') return;
      throw new OfflineError('OFFLINE', `expected an empty outbox, got ${remaining} mutations that wait; fire the event again later`);
    }),
  );
  return drained;
}

/** What waits goes first, as in a tab: a page fetched before would be out of date on arrival. */
async function drainAndPull(options: BackgroundOptions): Promise<BackgroundReport> {
  checkBackgroundOptions(options);
  const turn = await openTurn(options);
  if (!turn) return { ...NOTHING_SENT, ended: 'nobody' };
  try {
    const report = await drainIn(turn, options);
    return report.ended === 'drained' ? { ...report, pulled: await pullIn(turn, options) } : report;
  } finally {
    turn.close();
  }
}
