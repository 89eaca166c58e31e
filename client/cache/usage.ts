import type { Clock } from '../ports.ts';

/** When an entity last came from the server (or was written by the application), and when it was last used: came, or was shown. */
export type Times = readonly [cameAt: number, usedAt: number];

/** By cache id, as it lies on disk. */
export type StoredTimes = Readonly<Record<string, Times>>;

/** How long entities have been here, and who still needs them. A hint: what is lost of it costs a fetch, never data. */
export interface Usage {
  /** Of an entity that nothing is known of: as if it had come now. */
  timesOf(id: string): Times;
  came(id: string): void;
  used(ids: Iterable<string>, at: number): void;
  forget(id: string): void;
  /** What the disk says, where nothing newer is known. */
  adopt(stored: StoredTimes): void;
  /** For the disk: of these, as far as known. */
  pick(ids: Iterable<string>): StoredTimes;
  /** Ids whose times the disk does not know yet, since the last call. */
  takeTouched(): readonly string[];
}

export function createUsage(clock: Pick<Clock, 'now'>): Usage {
  const known = new Map<string, Times>();
  let touched = new Set<string>();

  const note = (id: string, times: Times): void => {
    known.set(id, times);
    touched.add(id);
  };

  return {
    timesOf(id) {
      const now = clock.now();
      const [cameAt, usedAt] = known.get(id) ?? [now, now];
      // The clock was set back: what seems to be of the future would never grow old.
      const times: Times = [Math.min(cameAt, now), Math.min(usedAt, now)];
      known.set(id, times);
      return times;
    },
    came(id) {
      const now = clock.now();
      note(id, [now, now]);
    },
    used(ids, at) {
      for (const id of ids) {
        const [cameAt, usedAt] = known.get(id) ?? [at, at];
        note(id, [cameAt, Math.max(usedAt, at)]);
      }
    },
    forget(id) {
      known.delete(id);
      touched.delete(id);
    },
    adopt(stored) {
      for (const [id, times] of Object.entries(stored)) if (isTimes(times) && !known.has(id)) known.set(id, times);
    },
    pick(ids) {
      const picked: Record<string, Times> = {};
      for (const id of ids) {
        const times = known.get(id);
        if (times) picked[id] = times;
      }
      return picked;
    },
    takeTouched() {
      const taken = [...touched];
      touched = new Set();
      return taken;
    },
  };
}

function isTimes(value: unknown): value is Times {
  return Array.isArray(value) && value.length === 2 && value.every(Number.isFinite);
}
