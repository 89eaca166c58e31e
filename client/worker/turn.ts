import { type Areas, ownerAreas, sharedStorage } from '../adapters/area.ts';
import { broadcastChannel, systemClock, systemRandom } from '../adapters/browser.ts';
import { tabLocks } from '../adapters/tab-locks.ts';
import { createCompletion } from '../outbox/completion.ts';
import { createPauseMark } from '../outbox/pause-mark.ts';
import { createSignedIn } from '../outbox/signed-in.ts';
import type { Clock, Locks, Random } from '../ports.ts';
import { DRAIN_DEFAULTS } from '../replay/policy.ts';
import { createTabChannel, type TabChannel } from '../tabs/channel.ts';
import { scopeOf } from '../tabs/scope.ts';
import type { BackgroundOptions } from './options.ts';
import { createFetchSend, type FetchSend } from './send.ts';

/** Why nothing is done here, or nothing more. */
export type Left = 'nobody' | 'paused' | 'elsewhere' | 'unreachable' | 'unauthenticated';

/** The place of a worker, which is no tab, in the line of the tabs of whoever is signed in. */
export interface Turn {
  readonly owner: string | null;
  readonly scope: string;
  readonly areas: Areas;
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: Locks;
  readonly channel: TabChannel;
  readonly timeoutMs: number;
  readonly send: FetchSend;
  /** Aborted: somebody has left, see `leave`. */
  readonly signal: AbortSignal;
  /** Ends the turn for good; the first reason counts. */
  leave(why: Left): void;
  left(): Left | null;
  /** Whether its owner is still signed in; if not, the turn is over. */
  isSignedIn(): Promise<boolean>;
  /** Runs while no tab sends and none is opened; not at all when it may not, or when a tab does not let go in time. */
  hold(run: (signal: AbortSignal) => Promise<void>): Promise<void>;
  close(): void;
}

/** Null: nobody is signed in, or their key is not at hand. */
export async function openTurn(options: BackgroundOptions): Promise<Turn | null> {
  const { ports = {}, manifest, patienceMs = 5_000 } = options;
  const clock = ports.clock ?? systemClock();
  const random = ports.random ?? systemRandom();
  const locks = ports.locks ?? tabLocks(() => sharedStorage(options.storage), clock, random);
  const signedIn = createSignedIn(sharedStorage(options.storage));
  const someone = await signedIn.read();
  if (!someone) return null;
  const { owner } = someone;
  const encryption = await options.encryption?.({ owner });
  if (encryption === null) return null;

  const scope = scopeOf(owner);
  const areas = ownerAreas(options.storage, owner, { encryption, locks });
  const channel = createTabChannel(ports.channel ?? broadcastChannel(scope));
  const leaving = new AbortController();
  let left: Left | null = null;
  const leave = (why: Left): void => {
    left ??= why;
    leaving.abort();
  };
  const unsubscribe = channel.subscribe((message) => {
    if (message.kind === 'opened') leave('elsewhere');
    if (message.kind === 'signedOut' && message.owner === owner) leave('nobody');
  });
  const isSignedIn = async (): Promise<boolean> => {
    if ((await signedIn.read())?.owner === owner) return true;
    leave('nobody');
    return false;
  };

  return {
    owner,
    scope,
    areas,
    clock,
    random,
    locks,
    channel,
    timeoutMs: options.timeoutMs ?? DRAIN_DEFAULTS.timeoutMs,
    send: createFetchSend({
      endpoint: options.endpoint ?? '/graphql',
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      credentials: options.credentials ?? 'same-origin',
      headers: async () => {
        const headers = options.headers ? await options.headers({ owner }) : {};
        if (headers !== null) return headers;
        leave('nobody');
        throw new Error('nobody of this name is signed in');
      },
      complete: manifest ? createCompletion(manifest) : (document) => document,
    }),
    signal: leaving.signal,
    leave,
    left: () => left,
    isSignedIn,
    async hold(run) {
      const giveUp = clock.after(patienceMs, () => leave('elsewhere'));
      const hold = async (signal: AbortSignal): Promise<void> => {
        giveUp();
        // Whoever had the lock before may have signed out, or in.
        if (!(await isSignedIn())) return;
        if (await createPauseMark(areas.outbox).read()) return leave('paused');
        await run(signal);
      };
      try {
        await locks.hold(scope, hold, leaving.signal);
      } finally {
        giveUp();
      }
    },
    close() {
      unsubscribe();
      channel.close();
    },
  };
}
