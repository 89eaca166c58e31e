import { acknowledged } from './acknowledged.ts';
import { ahead } from './ahead.ts';
import { bounded } from './bounded.ts';
import { converged } from './converged.ts';
import { drained } from './drained.ts';
import { fenced } from './fenced.ts';
import { kept } from './kept.ts';
import { meant } from './meant.ts';
import { once } from './once.ts';
import type { Oracle } from './oracle.ts';
import { order } from './order.ts';
import { personal } from './personal.ts';
import { repeated } from './repeated.ts';
import { resurrected } from './resurrected.ts';
import { skipped } from './skipped.ts';
import { steady } from './steady.ts';
import { valid } from './valid.ts';
import { versions } from './versions.ts';
import { whole } from './whole.ts';

/** Every promise that is judged, in the order of the table of promises. */
export const ORACLES: readonly Oracle[] = [
  acknowledged,
  kept,
  once,
  repeated,
  converged,
  versions,
  skipped,
  ahead,
  resurrected,
  order,
  steady,
  whole,
  fenced,
  meant,
  personal,
  drained,
  bounded,
  valid,
];
