import type { WriteFault } from './fault.ts';

export const writeFails: WriteFault = {
  name: 'write-fails',
  says: 'a write to the disk failed, and said so',
  at: 'write',
  rate: 0.02,
  fate: 'fail',
};
