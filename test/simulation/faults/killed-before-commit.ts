import type { CommitFault } from './fault.ts';

export const killedBeforeCommit: CommitFault = {
  name: 'killed-before-commit',
  says: 'the server process died before it had committed',
  at: 'commit',
  rate: 0.015,
  fate: 'killed before',
};
