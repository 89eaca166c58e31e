import type { Cancel } from '../ports.ts';

export interface Sync {
  pull(): Promise<unknown>;
  start(options?: { readonly intervalMs?: number; readonly live?: boolean }): void;
  stop(): void;
  lastSyncedAt(): number | null;
  subscribe(listener: () => void): Cancel;
  wake(): void;
}

export function createSync(_deps: unknown, _options: unknown): Sync {
  return { pull: async () => null, start: () => undefined, stop: () => undefined, lastSyncedAt: () => null, subscribe: () => () => undefined, wake: () => undefined };
}
