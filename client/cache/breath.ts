import type { Clock } from '../ports.ts';

/** A page that does nothing else for longer is felt: a third of what is called a long task, because others are at work too. */
const SLICE_MS = 16;

/** Called between the parts of long work: mostly returns at once, and lets the page live when it has waited long enough. */
export function createBreath(clock: Clock): () => Promise<void> {
  let startedAt = clock.now();
  return async () => {
    const tookMs = clock.now() - startedAt;
    if (tookMs >= 0 && tookMs < SLICE_MS) return;
    await new Promise<void>((resume) => void clock.after(0, resume));
    startedAt = clock.now();
  };
}
