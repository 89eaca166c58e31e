import type { WriteFault } from './fault.ts';

/** Half of a value arrived. As with lost writes, only the cache meets such a disk. */
export const writeTorn: WriteFault = {
  name: 'write-torn',
  says: 'half of a write to the cache on disk arrived',
  at: 'write',
  rate: 0.02,
  fate: 'torn',
  applies: ({ disk, kind }) => disk === 'cache' && kind === 'put',
};
