import { OfflineError } from '../errors.ts';
import type { Priority } from './record.ts';

/** Per-call options: `context.offline` of `client.mutate`, `useMutation` and `offline.mutate`. */
export interface CallOptions {
  /** `false`: past the outbox, after what is queued for the same entities and ordering keys; fails with `OFFLINE` where that cannot be sent now. Default `true`. */
  readonly queue?: boolean;
  /** Decides among lanes, never within one; among equals what people look at goes first. Default `'normal'`. */
  readonly priority?: Priority;
  /** Mutations of the same key are sent one after another, in the order made. */
  readonly orderingKey?: string;
  /** Milliseconds until an unsent mutation becomes a dead letter. Default: never. */
  readonly expiresAfterMs?: number;
  /** What has to be sent before: cache ids such as `Todo:1`, and ids of records, such as that of a ticket. */
  readonly dependsOn?: readonly string[];
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const CHECKS: { readonly [K in keyof CallOptions]-?: readonly [expected: string, is: (value: unknown) => boolean] } = {
  queue: ['true or false', (value) => typeof value === 'boolean'],
  priority: ["'high', 'normal' or 'low'", (value) => value === 'high' || value === 'normal' || value === 'low'],
  orderingKey: ['a text', isText],
  expiresAfterMs: ['a number of milliseconds > 0', (value) => typeof value === 'number' && value > 0 && Number.isFinite(value)],
  dependsOn: ['a list of cache ids or record ids', (value) => Array.isArray(value) && value.every(isText)],
};

/** @throws OfflineError `INVALID_OPTION`: an option that nothing would carry out must not look as if it were. */
export function checkCall(options: CallOptions, operationName: string): void {
  for (const [key, [expected, is]] of Object.entries(CHECKS)) {
    const value = options[key as keyof CallOptions];
    if (value === undefined || is(value)) continue;
    const shown = JSON.stringify(value) ?? String(value);
    throw new OfflineError('INVALID_OPTION', `${operationName}: context.offline.${key}: expected ${expected}, got ${shown.slice(0, 80)}`);
  }
}
