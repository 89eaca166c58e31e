import { farside } from './farside.ts';

/** A process that says by how much its heap has grown with so many mutations waiting: `memory.ts COUNT`, with `--expose-gc`. */
const count = Number(process.argv[2]);
const used = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const never: typeof fetch = () => new Promise(() => undefined);
// Code and caches of a client that has been used are not what waits.
const first = await farside.open({ url: 'http://nowhere.test', fetch: never });
await first.queue(['warm-up']);
await first.close();
const sender = await farside.open({ url: 'http://nowhere.test', fetch: never });
const before = used();
// In the order of the list that is watched, so that its one page fills up and no more comes onto it.
await sender.queue(Array.from({ length: count }, (_, index) => `note-${String(index).padStart(6, '0')}`));
process.send?.(used() - before);
process.disconnect();
