import { acknowledged } from './acknowledged.ts';
import { converged } from './converged.ts';
import { drained } from './drained.ts';
import { kept } from './kept.ts';
import { meant } from './meant.ts';
import { once } from './once.ts';
import type { Oracle } from './oracle.ts';
import { order } from './order.ts';

/** Every promise that is judged, in the order of the table of promises. */
export const ORACLES: readonly Oracle[] = [acknowledged, kept, once, converged, order, meant, drained];
