import { useEffect, useState } from 'react';

/** The time, renewed every `everyMs`, for texts such as "2 minutes ago". */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** "3 min. ago", "in 12 sec.". */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  for (const [unit, size] of STEPS) if (Math.abs(distance) >= size) return RELATIVE.format(Math.round(distance / size), unit);
  return 'now';
}
