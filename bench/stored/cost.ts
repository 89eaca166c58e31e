/** What one step cost the page. */
export interface Cost {
  readonly ms: number;
  /** The longest time in which the page could do nothing else. */
  readonly blockMs: number;
  /** Until the first page could be read. */
  readonly screenMs?: number;
}

/** Counts from one tick of the page to the next, as a frame or a tap would feel it. */
export async function costOf(run: () => Promise<void>): Promise<Cost> {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let blockMs = 0;
  const tick = (): void => {
    const now = performance.now();
    blockMs = Math.max(blockMs, now - last);
    last = now;
    port2.postMessage(null);
  };
  port1.onmessage = tick;
  tick();
  await new Promise((resolve) => void setTimeout(resolve, 20));
  last = performance.now();
  blockMs = 0;
  const startedAt = last;
  await run();
  const ms = performance.now() - startedAt;
  await new Promise((resolve) => void setTimeout(resolve, 20));
  port1.close();
  return { ms, blockMs };
}

/** Bytes that are handed to IndexedDB meanwhile. */
export async function bytesOf(run: () => Promise<void>): Promise<number> {
  const { put } = IDBObjectStore.prototype;
  let bytes = 0;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...args) {
    bytes += typeof args[0] === 'string' ? args[0].length : JSON.stringify(args[0]).length;
    return put.apply(this, args);
  };
  try {
    await run();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  return bytes;
}
