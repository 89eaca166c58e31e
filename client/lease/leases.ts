import type { OfflineManifest } from '../../schema/manifest.ts';
import { isName } from '../../schema/shape.ts';
import { createCheck, whole } from '../checks.ts';
import { OfflineError } from '../errors.ts';
import { cacheId } from '../outbox/lane-keys.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { isPending } from '../outbox/record.ts';
import type { Cancel, Clock, Lifecycle } from '../ports.ts';
import type { Send } from '../replay/drain.ts';
import { type LeaseAnswer, leaseProfile, leaseRequest, readLeaseAnswer } from './lease-request.ts';

export interface LeaseOptions {
  /** How long the server keeps it for a device that it hears nothing of. Milliseconds ≥ 1000; the server may give less. Default 60 000. */
  readonly ttlMs?: number;
}

/** The right to be the only one who changes an entity. Renewed while this page lives and has a network. */
export interface Lease {
  readonly typename: string;
  readonly id: string;
  /** Goes with every mutation of the entity that is made while the lease is held; the server checks it in the write itself. */
  readonly fencingToken: number;
  /** When it is lost if it is not renewed until then: milliseconds since the Unix epoch, by the clock of this device. */
  readonly expiresAt: number;
  /** Aborts when it ends before it is released, with an OfflineError as reason: `LEASE_LOST` (not renewed in time, refused, the page was left), `DISPOSED`. */
  readonly lost: AbortSignal;
  /** Gives it back, once what was written under it has been sent. Never rejects: what the server does not hear expires there. */
  release(): Promise<void>;
}

export interface Leases {
  lease(typename: string, id: string, options?: LeaseOptions): Promise<Lease>;
  /** The fencing token for a mutation that writes these entities, by cache id; `null`: none of them is leased here. */
  tokenOf(writes: readonly string[]): number | null;
  /** Gives everything back, as far as it can be. */
  dispose(): void;
}

/** One lease, however many parts of the page asked for it. */
interface Holding {
  readonly typename: string;
  readonly id: string;
  readonly ttlMs: number;
  readonly lost: AbortController;
  users: number;
  /** 0: not granted yet. */
  token: number;
  expiresAt: number;
  /** Resolves when nothing that was written under it waits. */
  sent: Promise<void> | null;
  stop: Cancel;
}

export function createLeases(deps: {
  readonly outbox: Pick<Outbox, 'clientId' | 'ackedThrough' | 'retired' | 'ofEntity' | 'subscribe'>;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly online: () => boolean;
  readonly manifest: OfflineManifest | null;
  /** Past the outbox. What it sends at the end of a page arrives after it. */
  readonly send: Send;
  readonly onEvent: (event: { readonly code: string; readonly message: string; readonly key: string }) => void;
}): Leases {
  const { outbox, clock, lifecycle, online, send, onEvent } = deps;
  const profile = leaseProfile(deps.manifest);
  const holdings = new Map<string, { readonly holding: Holding; readonly granted: Promise<void> }>();
  let stopListening: Cancel = () => undefined;
  let isDisposed = false;

  const keyOf = ({ typename, id }: Holding): string => cacheId(typename, id);
  const isCurrent = (holding: Holding): boolean => holdings.get(keyOf(holding))?.holding === holding;

  /** No answer within a third of the lease is none: two more tries fit in. */
  const request = (what: 'acquire' | 'renew' | 'release', { typename, id, token, ttlMs }: Holding): Promise<LeaseAnswer> =>
    new Promise((resolve) => {
      const patience = new AbortController();
      const variables = { typename, id, ...(what === 'acquire' ? {} : { fencingToken: token }), ...(what === 'release' ? {} : { ttlMs }) };
      const waitMs = Math.max(1_000, ttlMs / 3);
      const giveUp = clock.after(waitMs, () => {
        resolve({ kind: 'unanswered', message: `no answer within ${waitMs} ms`, reached: false });
        patience.abort();
      });
      send(leaseRequest(what, variables, { outbox, profile }), patience.signal).then(
        (answer) => {
          giveUp();
          resolve(readLeaseAnswer(answer, ttlMs, clock.now()));
        },
        (error: unknown) => {
          giveUp();
          resolve({ kind: 'unanswered', message: String(error), reached: false });
        },
      );
    });

  const end = (holding: Holding): void => {
    holding.stop();
    if (isCurrent(holding)) holdings.delete(keyOf(holding));
    if (holdings.size === 0) stopListening();
  };

  const lose = (holding: Holding, why: string): void => {
    if (!isCurrent(holding)) return;
    end(holding);
    if (holding.token === 0) return;
    const message = `the lease of ${keyOf(holding)} is lost: ${why}; what is edited from now on is an edit like any other`;
    onEvent({ code: 'LEASE_LOST', message, key: keyOf(holding) });
    holding.lost.abort(new OfflineError('LEASE_LOST', message));
  };

  /** From a request that went out at `askedAt`. Timers decide when it is over here; the server's clock decides there, a moment later. */
  const keep = (holding: Holding, forMs: number, askedAt: number): void => {
    holding.stop();
    const leftMs = Math.max(0, forMs - Math.max(0, clock.now() - askedAt));
    holding.expiresAt = clock.now() + leftMs;
    const cancelEnd = clock.after(leftMs, () => lose(holding, 'it was not renewed in time'));
    let cancelNext = clock.after(leftMs / 3, () => void renew());
    const again = (): void => {
      cancelNext = clock.after(Math.max(100, forMs / 10), () => void renew());
    };
    const renew = async (): Promise<void> => {
      if (!online()) return again();
      const renewedAt = clock.now();
      const answer = await request('renew', holding);
      if (!isCurrent(holding)) return;
      if (answer.kind === 'granted') keep(holding, answer.forMs, renewedAt);
      else if (answer.kind === 'unanswered') again();
      else lose(holding, answer.message);
    };
    holding.stop = () => {
      cancelEnd();
      cancelNext();
    };
  };

  const acquire = async (holding: Holding): Promise<void> => {
    const askedAt = clock.now();
    const answer = online()
      ? await request('acquire', holding)
      : { kind: 'unanswered' as const, message: 'there is no network', reached: false };
    if (answer.kind !== 'granted') {
      end(holding);
      throw refusal(answer, keyOf(holding));
    }
    holding.token = answer.fencingToken;
    if (isDisposed || !isCurrent(holding)) {
      void request('release', holding);
      throw new OfflineError('DISPOSED', `the offline layer was disposed of before ${keyOf(holding)} was leased`);
    }
    keep(holding, answer.forMs, askedAt);
  };

  const waits = ({ typename, id, token }: Holding): boolean =>
    outbox.ofEntity(typename, id).some((record) => record.lease === token && isPending(record));

  const sent = (holding: Holding): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (isCurrent(holding) && waits(holding)) return;
        stop();
        holding.lost.signal.removeEventListener('abort', look);
        resolve();
      };
      const stop = outbox.subscribe(look);
      holding.lost.signal.addEventListener('abort', look);
      look();
    });

  const release = async (holding: Holding): Promise<void> => {
    holding.users -= 1;
    holding.sent ??= sent(holding).finally(() => {
      holding.sent = null;
    });
    await holding.sent;
    // Lost meanwhile, or asked for anew.
    if (!isCurrent(holding) || holding.users > 0) return;
    end(holding);
    await request('release', holding);
  };

  /** What still waits is better sent under a lease that nobody renews than after one that somebody else has got. */
  const letGo = (holding: Holding): void => {
    if (holding.token !== 0 && !waits(holding)) void request('release', holding);
  };

  const hold = (typename: string, id: string, ttlMs: number) => {
    if (holdings.size === 0)
      stopListening = lifecycle.subscribe((event) => {
        if (event !== 'leave') return;
        for (const { holding } of [...holdings.values()]) {
          letGo(holding);
          lose(holding, 'the page was left');
        }
      });
    const lost = new AbortController();
    const holding: Holding = { typename, id, ttlMs, lost, users: 0, token: 0, expiresAt: 0, sent: null, stop: () => undefined };
    const entry = { holding, granted: Promise.resolve() };
    holdings.set(cacheId(typename, id), entry);
    return Object.assign(entry, { granted: acquire(holding) });
  };

  return {
    async lease(typename, id, { ttlMs = 60_000 } = {}) {
      check(typename, id, ttlMs);
      const { holding, granted } = holdings.get(cacheId(typename, id)) ?? hold(typename, id, ttlMs);
      holding.users += 1;
      await granted;
      let isReleased = false;
      return Object.freeze({
        typename,
        id,
        fencingToken: holding.token,
        get expiresAt() {
          return holding.expiresAt;
        },
        lost: holding.lost.signal,
        async release() {
          if (isReleased) return;
          isReleased = true;
          await release(holding);
        },
      });
    },
    tokenOf(writes) {
      if (holdings.size === 0) return null;
      return writes.map((key) => holdings.get(key)?.holding.token ?? 0).find((token) => token > 0) ?? null;
    },
    dispose() {
      isDisposed = true;
      for (const { holding } of [...holdings.values()]) {
        letGo(holding);
        end(holding);
        holding.lost.abort(new OfflineError('DISPOSED', 'the offline layer was disposed of'));
      }
    },
  };
}

function refusal(answer: Exclude<LeaseAnswer, { kind: 'granted' }>, key: string): OfflineError {
  if (answer.kind === 'held') return new OfflineError('LEASE_HELD', answer.message, { lease: answer.lease });
  if (answer.kind === 'refused') return new OfflineError('LEASE_REFUSED', `${key} cannot be leased: ${answer.code}: ${answer.message}`);
  const why = `${key} cannot be leased: ${answer.message}`;
  if (answer.reached) return new OfflineError('LEASE_REFUSED', `${why}; try again later`);
  return new OfflineError('OFFLINE', `${why}; a lease needs the network, an edit without one does not`);
}

function check(typename: unknown, id: unknown, ttlMs: unknown): void {
  const { one } = createCheck('lease: ');
  one('typename', typename, ['the name of a type', isName]);
  one('id', id, ['the id of an entity', isName]);
  one('ttlMs', ttlMs, ['whole milliseconds from 1000 to 86400000', whole(1_000, 86_400_000)[1]]);
}
