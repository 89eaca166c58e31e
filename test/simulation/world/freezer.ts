import type { Cancel } from '../../../client/ports.ts';
import type { TabPorts } from './world.ts';

/** Stops a tab without ending it: what it has asked for happens, and it hears of nothing until it is thawed. */
export interface Freezer {
  readonly isFrozen: boolean;
  freeze(): void;
  thaw(): void;
  /** The platform as the tab finds it through the ice. */
  wrap(ports: TabPorts): TabPorts;
}

export function createFreezer(): Freezer {
  let isFrozen = false;
  let late: (() => void)[] = [];
  const when = (run: () => void): void => void (isFrozen ? late.push(run) : run());

  /** Settles as the work does, but not while the tab is frozen. */
  const heard = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => when(() => resolve(value)),
        (error: unknown) => when(() => reject(error)),
      );
    });
  const heardSignal = (signal: AbortSignal): AbortSignal => {
    const controller = new AbortController();
    const abort = (): void => when(() => controller.abort(signal.reason));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return controller.signal;
  };
  const storage = (disk: TabPorts['outbox']): TabPorts['outbox'] => ({
    get: (key) => heard(disk.get(key)),
    entries: (prefix) => heard(disk.entries(prefix)),
    put: (key, value) => heard(disk.put(key, value)),
    remove: (key) => heard(disk.remove(key)),
    ...(disk.putMany ? { putMany: (pairs) => heard(disk.putMany?.(pairs) ?? Promise.resolve()) } : {}),
  });

  return {
    get isFrozen() {
      return isFrozen;
    },
    freeze() {
      isFrozen = true;
    },
    thaw() {
      isFrozen = false;
      const due = late;
      late = [];
      for (const run of due) run();
    },
    wrap: (ports) => ({
      ...ports,
      clock: {
        now: ports.clock.now,
        after(ms, run): Cancel {
          let isCancelled = false;
          const cancel = ports.clock.after(ms, () => when(() => void (isCancelled || run())));
          return () => {
            isCancelled = true;
            cancel();
          };
        },
      },
      locks: {
        hold: (name, run, abandon, options) => ports.locks.hold(name, (signal) => run(heardSignal(signal)), abandon, options),
      },
      channel: {
        ...ports.channel,
        subscribe: (listener) => ports.channel.subscribe((message) => when(() => listener(message))),
      },
      outbox: storage(ports.outbox),
      cache: storage(ports.cache),
      fetch: (input, init) => heard(ports.fetch(input, init)),
    }),
  };
}
