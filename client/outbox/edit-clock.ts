import { tick } from '../../schema/hybrid-clock.ts';
import type { Clock } from '../ports.ts';

/** When an edit was made, as far as this device can tell: hybrid clocks that rise with each edit of this tab, also when its time is set back. */
export type EditClock = () => string;

export function createEditClock(clock: Clock, clientId: string): EditClock {
  let last: string | null = null;
  return () => {
    last = tick(last, clock.now(), clientId);
    return last;
  };
}
