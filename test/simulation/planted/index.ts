import type { PlantedBug } from '../world/world.ts';
import { acknowledgedByPosition } from './acknowledged-by-position.ts';
import { cursorByTime } from './cursor-by-time.ts';
import { dedupeOutsideTransaction } from './dedupe-outside-transaction.ts';
import { followerNotDrained } from './follower-not-drained.ts';
import { removedBeforeJournal } from './removed-before-journal.ts';
import { tombstonesWithoutReset } from './tombstones-without-reset.ts';
import { truthyValues } from './truthy-values.ts';

/** Mistakes that others have made, made here on purpose: a simulator that does not find them finds nothing. Fencing joins with leases. */
export const PLANTED: readonly PlantedBug[] = [
  dedupeOutsideTransaction,
  cursorByTime,
  tombstonesWithoutReset,
  truthyValues,
  acknowledgedByPosition,
  removedBeforeJournal,
  followerNotDrained,
];
