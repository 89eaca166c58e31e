import type { EventFault } from './fault.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** Somebody sets the clock of a device: by years, by hours, forward or back. (Within the hour that a retry may wait nobody can tell.) */
export const clockJump: EventFault = {
  name: 'clock-jump',
  says: 'had its clock set',
  at: 'event',
  weight: 2,
  run({ device, random }) {
    device.skewMs = random.pick([-20 * YEAR_MS, -3 * HOUR_MS, -30_000, 0, 30_000, 3 * HOUR_MS, 73 * YEAR_MS]);
  },
};
