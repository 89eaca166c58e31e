import type { Observed } from '../observed.ts';
import type { OfflineStatus } from '../status.ts';
import { BACKGROUND_SYNC_TAG } from './background-sync.ts';

export interface BackgroundSyncOptions {
  /** Default: the one that controls this page, as soon as there is one. */
  readonly registration?: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration>;
  /**
   * How often the browser may look at the outbox, and for what others have changed, by itself, at the most, in milliseconds.
   * Default 12 hours. `null`: not at all.
   */
  readonly periodMs?: number | null;
}

/** What the platform granted. */
export interface BackgroundSync {
  /** Sends once the network is back, with no tab open. Chromium. */
  readonly sync: boolean;
  /** Looks now and then, of installed apps. Chromium. */
  readonly periodicSync: boolean;
  /** Ends the arrangement with this page; the browser keeps what it was asked for before. */
  stop(): void;
}

interface SyncManager {
  register(tag: string, options?: { readonly minInterval: number }): Promise<void>;
}
type WithSync = ServiceWorkerRegistration & { readonly sync?: SyncManager; readonly periodicSync?: SyncManager };

const TWELVE_HOURS_MS = 12 * 3_600_000;

/**
 * In the page, once it is attached: asks the browser to wake the service worker when something waits and this tab may not live to
 * send it, that is while there is no connection, and when the page is hidden. Where the platform has no background sync, or does not
 * grant it, nothing is lost: the outbox is sent at the next start. Never rejects.
 */
export async function registerBackgroundSync(
  offline: { readonly status: Observed<Pick<OfflineStatus, 'connection' | 'pending'>> },
  { registration, periodMs = TWELVE_HOURS_MS }: BackgroundSyncOptions = {},
): Promise<BackgroundSync> {
  const none: BackgroundSync = { sync: false, periodicSync: false, stop: () => undefined };
  const container = globalThis.navigator?.serviceWorker;
  if (registration === undefined && container === undefined) return none;
  const worker = (await Promise.resolve(registration ?? container.ready).catch(() => null)) as WithSync | null;
  if (worker === null) return none;

  const ask = async (manager: SyncManager | undefined, minInterval?: number): Promise<boolean> =>
    manager === undefined
      ? false
      : manager.register(BACKGROUND_SYNC_TAG, minInterval === undefined ? undefined : { minInterval }).then(
          () => true,
          () => false,
        );

  /** Whether it was asked for since it was last of no use: the browser takes it for done when it has fired. */
  let asked = false;
  const look = (): void => {
    const { pending, connection } = offline.status.get();
    const isHidden = globalThis.document?.visibilityState === 'hidden';
    const wanted = pending > 0 && (connection === 'offline' || isHidden);
    if (wanted && !asked) void ask(worker.sync);
    asked = wanted;
  };
  const unsubscribe = offline.status.subscribe(look);
  globalThis.document?.addEventListener('visibilitychange', look);
  look();
  return {
    sync: worker.sync !== undefined,
    periodicSync: periodMs !== null && (await ask(worker.periodicSync, periodMs)),
    stop() {
      unsubscribe();
      globalThis.document?.removeEventListener('visibilitychange', look);
    },
  };
}
