/**
 * Apollo tells its watchers by `setTimeout(…, 0)`, and the platform makes a millisecond of that: real time, which is over before or after
 * whatever simulated time does next, as the machine is quick or slow. Here it is a turn of the event loop, like all that needs no time.
 */
if (typeof setImmediate === 'function') {
  const later = globalThis.setTimeout;
  const never = globalThis.clearTimeout;
  const immediates = new WeakSet<object>();

  const soon = (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): unknown => {
    if ((ms ?? 0) > 0) return later(run, ms, ...args);
    const immediate = setImmediate(run, ...args);
    immediates.add(immediate);
    return immediate;
  };
  // What `node:util` promisifies.
  Object.defineProperties(soon, Object.getOwnPropertyDescriptors(later));

  globalThis.setTimeout = soon as typeof globalThis.setTimeout;
  globalThis.clearTimeout = ((timer: unknown) => {
    if (typeof timer === 'object' && timer !== null && immediates.has(timer)) clearImmediate(timer as NodeJS.Immediate);
    else never(timer as NodeJS.Timeout);
  }) as typeof globalThis.clearTimeout;
}
