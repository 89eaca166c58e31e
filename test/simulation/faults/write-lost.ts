import type { WriteFault } from './fault.ts';

/** The disk says yes and forgets. Nothing can be promised of an outbox on such a disk, so only the cache meets one. */
export const writeLost: WriteFault = {
  name: 'write-lost',
  says: 'a write to the cache on disk was acknowledged and then gone',
  at: 'write',
  rate: 0.02,
  fate: 'lost',
  applies: ({ disk }) => disk === 'cache',
};
