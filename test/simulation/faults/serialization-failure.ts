import type { CommitFault } from './fault.ts';

/** Two transactions stood in each other's way: the database undoes one, and it is run again. */
export const serializationFailure: CommitFault = {
  name: 'serialization-failure',
  says: 'the database undid a transaction that stood in the way of another, and it was run again',
  at: 'commit',
  rate: 0.04,
  fate: 'undone',
  since: 2,
};
