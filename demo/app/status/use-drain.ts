import type { OutboxRecord } from 'farside';
import { useOfflineStatus, useOutbox } from 'farside/react';
import { useRef } from 'react';

export interface Drain {
  readonly done: number;
  readonly total: number;
}

/** Fewer than this are sent before a bar could be read. */
const WORTH_A_BAR = 3;

/** How far a long outbox has drained since it was last empty; `null` while there is nothing worth a bar. */
export function useDrain(): Drain | null {
  const { connection } = useOfflineStatus();
  const left = countMoving(useOutbox());
  const peak = useRef(0);
  peak.current = left === 0 ? 0 : Math.max(peak.current, left);
  return connection === 'online' && peak.current >= WORTH_A_BAR ? { done: peak.current - left, total: peak.current } : null;
}

/** Records on their way. What waits for a conflict or a refused change moves only when a person has decided. */
function countMoving(records: readonly OutboxRecord[]): number {
  const held = new Set<string>();
  let moving = 0;
  for (const { id, state, waitingFor } of records) {
    if (state === 'conflict' || state === 'dead' || waitingFor.some((other) => held.has(other))) held.add(id);
    else if (state !== 'acknowledged') moving += 1;
  }
  return moving;
}
