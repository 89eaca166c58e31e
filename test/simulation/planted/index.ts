import type { PlantedBug } from '../world/world.ts';
import { acknowledgedByPosition } from './acknowledged-by-position.ts';
import { cursorByTime } from './cursor-by-time.ts';
import { dedupeOutsideTransaction } from './dedupe-outside-transaction.ts';
import { followerNotDrained } from './follower-not-drained.ts';
import { leaseWithoutFencing } from './lease-without-fencing.ts';
import { removedBeforeJournal } from './removed-before-journal.ts';
import { tombstonesWithoutReset } from './tombstones-without-reset.ts';
import { truthyValues } from './truthy-values.ts';

/** Mistakes that others have made, made here on purpose: a simulator that does not find them finds nothing. */
export const PLANTED: readonly PlantedBug[] = [
  // What takes longest to find is looked for first, so that it does not keep one process busy alone at the end.
  removedBeforeJournal,
  acknowledgedByPosition,
  dedupeOutsideTransaction,
  cursorByTime,
  tombstonesWithoutReset,
  truthyValues,
  followerNotDrained,
  leaseWithoutFencing,
];
