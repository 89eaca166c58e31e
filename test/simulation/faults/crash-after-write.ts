import type { WriteFault } from './fault.ts';

export const crashAfterWrite: WriteFault = {
  name: 'crash-after-write',
  says: 'the tab died just after a write to its disk, before it knew',
  at: 'write',
  rate: 0.01,
  fate: 'crash after',
};
