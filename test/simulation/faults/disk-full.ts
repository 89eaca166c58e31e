import type { WriteFault } from './fault.ts';

export const diskFull: WriteFault = {
  name: 'disk-full',
  says: 'the disk was full',
  at: 'write',
  rate: 0.02,
  fate: 'full',
  applies: ({ kind }) => kind === 'put',
};
