import type { OfflineStatus } from 'farside';
import { relativeTime } from './use-now.ts';

export function describeConnection({ connection, pausedBecause }: OfflineStatus): string {
  if (connection === 'online') return 'Online';
  if (connection === 'offline') return 'Offline';
  return pausedBecause === 'unauthenticated' ? 'Signed out' : 'Working offline';
}

export function describeSync(lastSyncedAt: number | null, now: number): string {
  if (lastSyncedAt === null) return 'Not synced yet';
  return now - lastSyncedAt < 45_000 ? 'Synced just now' : `Synced ${relativeTime(lastSyncedAt, now)}`;
}

export const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);
