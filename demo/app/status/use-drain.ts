import { useOfflineStatus } from 'farside/react';
import { useRef } from 'react';

export interface Drain {
  readonly done: number;
  readonly total: number;
}

/** How far a long outbox has drained since it was last empty; `null` while there is nothing worth a bar. */
export function useDrain(): Drain | null {
  const { pending, connection } = useOfflineStatus();
  const peak = useRef(0);
  peak.current = pending === 0 ? 0 : Math.max(peak.current, pending);
  return connection === 'online' && peak.current >= 3 ? { done: peak.current - pending, total: peak.current } : null;
}
