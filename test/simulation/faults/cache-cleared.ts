import type { EventFault } from './fault.ts';

/** The browser, or its owner, makes room: the cache on disk is gone, under open tabs. */
export const cacheCleared: EventFault = {
  name: 'cache-cleared',
  says: 'lost its cache on disk',
  at: 'event',
  weight: 1,
  run({ device }) {
    device.platter.cache.clear();
  },
};
