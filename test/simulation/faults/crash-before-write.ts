import type { WriteFault } from './fault.ts';

export const crashBeforeWrite: WriteFault = {
  name: 'crash-before-write',
  says: 'the tab died just before a write to its disk',
  at: 'write',
  rate: 0.01,
  fate: 'crash before',
};
