import { type Is, isFlag, isName, isNumber, isOneOf } from '../../schema/shape.ts';
import { createCheck, type Expected } from '../checks.ts';
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

const NAMES: Is = (value) => Array.isArray(value) && value.every(isName);

const MEMBERS: { readonly [K in keyof Required<CallOptions>]: Expected } = {
  queue: ['true or false', isFlag],
  priority: ["'high', 'normal' or 'low'", isOneOf('high', 'normal', 'low')],
  orderingKey: ['a text', isName],
  expiresAfterMs: ['a number of milliseconds > 0', (value) => isNumber(value) && (value as number) > 0],
  dependsOn: ['a list of cache ids or record ids', NAMES],
};

/** @throws OfflineError `INVALID_OPTION`: an option that nothing would carry out must not look as if it were. */
export function checkCall(options: CallOptions | undefined, operationName: string): void {
  if (options) createCheck(`${operationName}: context.offline.`).each(options, MEMBERS);
}
