import { OfflineError } from '../errors.ts';
import { type BackgroundReport, drainOutbox } from './drain-outbox.ts';
import type { BackgroundOptions } from './options.ts';

/** What the page and the service worker call their arrangement by. */
export const BACKGROUND_SYNC_TAG = 'farside-outbox';

/** A `sync` or `periodicsync` event, of which TypeScript's libraries know nothing yet. */
export interface BackgroundSyncEvent {
  readonly tag: string;
  waitUntil(work: Promise<unknown>): void;
}

/**
 * In the service worker, as listener of `sync` and of `periodicsync`: drains the outbox with no tab open, see {@link drainOutbox}.
 * Events with another tag are somebody else's: `null`. The event fails, so that the browser fires it again later, while something is
 * left that may be sent then: the network was gone, or a tab had it in hand that may not live. What waits for a sign-in is left to
 * the next tab.
 */
export function handleBackgroundSync(event: BackgroundSyncEvent, options: BackgroundOptions = {}): Promise<BackgroundReport> | null {
  if (event.tag !== BACKGROUND_SYNC_TAG) return null;
  const drained = drainOutbox(options);
  event.waitUntil(
    drained.then(({ ended, remaining }) => {
      if (remaining === 0 || ended === 'nobody' || ended === 'paused' || ended === 'unauthenticated') return;
      throw new OfflineError('OFFLINE', `expected an empty outbox, got ${remaining} mutations that wait; fire the event again later`);
    }),
  );
  return drained;
}
