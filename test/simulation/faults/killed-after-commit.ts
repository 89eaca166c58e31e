import type { CommitFault } from './fault.ts';

export const killedAfterCommit: CommitFault = {
  name: 'killed-after-commit',
  says: 'the server process died after the commit, before it had answered',
  at: 'commit',
  rate: 0.015,
  fate: 'killed after',
};
