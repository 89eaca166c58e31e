import type { Cancel, Clock, Locks, Random, Storage } from '../ports.ts';

/** A lease ends this long after its holder was last heard of. */
const TTL_MS = 15_000;
const RENEW_MS = 5_000;
/** How often whoever is in line looks whether it is free. */
const LOOK_MS = 2_000;
/** Two that write at once both read what the second one wrote, if both wait this long. Longer than a put takes. */
const SETTLE_MS = 250;

/**
 * Locks for browsers without Web Locks (before 2022, and pages that are not served securely): a record in storage says who holds
 * one, and until when. There is no line, and mutual exclusion is of the storage's making: it has no compare-and-set, so that two
 * tabs on a stalled disk may both believe to hold one until the next renewal. Sending twice is harmless (I3), and each tab writes
 * the stored cache under a generation of its own. A holder that is gone or frozen is succeeded after 15 seconds.
 */
export function leaseLocks(deps: { readonly storage: Storage; readonly clock: Clock; readonly random: Random }): Locks {
  const { storage, clock, random } = deps;

  return {
    async hold(name, run, abandon, { steal = false } = {}) {
      const key = `lock/${name}`;
      const me = random.id();
      const holder = async (): Promise<{ readonly by: string; readonly until: number } | null> => {
        const lease = (await storage.get(key)) as { readonly by?: unknown; readonly until?: unknown } | null;
        return typeof lease?.by === 'string' && typeof lease.until === 'number' ? { by: lease.by, until: lease.until } : null;
      };
      const write = (): Promise<void> => storage.put(key, { by: me, until: clock.now() + TTL_MS });

      for (let force = steal; !abandon.aborted; force = false) {
        const lease = await holder();
        const left = (lease?.until ?? 0) - clock.now();
        // One that ends later than any could was made by a clock that has been put back since.
        if (!force && lease !== null && left > 0 && left <= TTL_MS) {
          await pause(Math.min(LOOK_MS, left), abandon);
          continue;
        }
        await write();
        await pause(SETTLE_MS, abandon);
        if ((await holder())?.by === me) break;
      }
      if (abandon.aborted) return void ((await holder())?.by === me && (await storage.remove(key)));

      const over = new AbortController();
      const leave = (): void => over.abort(abandon.reason);
      abandon.addEventListener('abort', leave, { once: true });
      let renewed = clock.now();
      let cancel: Cancel = () => undefined;
      const renew = async (): Promise<void> => {
        // Late by more than the lease: this page was stopped, and somebody else may hold it.
        const isMine = clock.now() - renewed < TTL_MS && (await holder().catch(() => null))?.by === me;
        if (over.signal.aborted) return;
        if (!isMine) return over.abort(new Error('the lease was lost'));
        renewed = clock.now();
        await write().catch(() => undefined);
        arm();
      };
      const arm = (): void => {
        if (!over.signal.aborted) cancel = clock.after(RENEW_MS, () => void renew());
      };
      arm();
      try {
        await run(over.signal);
      } finally {
        over.abort();
        cancel();
        abandon.removeEventListener('abort', leave);
        if ((await holder().catch(() => null))?.by === me) await storage.remove(key).catch(() => undefined);
      }
    },
  };

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.after(ms, done);
      signal.addEventListener('abort', done);
    });
  }
}
