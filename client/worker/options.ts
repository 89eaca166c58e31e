import type { OfflineManifest } from '../../schema/manifest.ts';
import type { ConflictRules } from '../../schema/merge.ts';
import { isObject } from '../../schema/shape.ts';
import type { Areas } from '../adapters/area.ts';
import { atMost, checkManifest, createCheck, FUNCTION, milliseconds, URL_TEXT } from '../checks.ts';
import type { Migration } from '../outbox/migration.ts';
import type { Channel, Clock, EncryptionKey, Locks, Random, Storage } from '../ports.ts';
import type { BatchLimits } from '../replay/document-batch.ts';
import { batchLimits } from '../replay/policy.ts';

/** The same as in `createOffline` where the names are the same: the worker sends what the tabs have stored, as they would. */
export interface BackgroundOptions {
  /** The GraphQL endpoint. Default `/graphql`. */
  readonly endpoint?: string;
  /**
   * Headers of one request, asked for at the moment of sending; nothing of them is stored. `null`: this owner is not signed in any
   * more, and nothing is sent. Without it a request carries the cookies of its origin alone.
   */
  readonly headers?: (of: { readonly owner: string | null }) => HeadersInit | null | Promise<HeadersInit | null>;
  /** Default `same-origin`. */
  readonly credentials?: RequestCredentials;
  /** Written by the codegen plugin. Without it no conflict merges here: each waits for a person. */
  readonly manifest?: OfflineManifest;
  /** Version of the application. */
  readonly appVersion?: string;
  /** What becomes of mutations that an earlier version has left waiting. */
  readonly migrations?: readonly Migration[];
  /** Merge rules over those of the schema. */
  readonly conflict?: ConflictRules;
  /** Default: localforage. */
  readonly storage?: Storage | Areas;
  /** Of an encrypted storage: the key of this owner, asked for once. `null`: it is not at hand, and nothing is read or sent. */
  readonly encryption?: (of: { readonly owner: string | null }) => EncryptionKey | null | Promise<EncryptionKey | null>;
  /** How many mutations share a document. */
  readonly batch?: false | Partial<BatchLimits>;
  /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
  readonly timeoutMs?: number;
  /** How long to stand in line while a tab sends, in milliseconds. Default 5000: a tab that is closing is gone by then. */
  readonly patienceMs?: number;
  /**
   * How much of what others have changed is kept until a tab takes it in, in characters of JSON: beyond that nothing more is fetched.
   * Default 2 000 000. 0: nothing is fetched at all.
   */
  readonly maxPulledLength?: number;
  /** Something worth logging: a record that could not be read, a conflict rule that threw. */
  readonly onEvent?: (event: { readonly code: string; readonly message: string; readonly key?: string }) => void;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** The rest of the outside world; tests hold it still. Defaults: the browser's. */
  readonly ports?: { readonly clock?: Clock; readonly random?: Random; readonly locks?: Locks; readonly channel?: Channel };
}

const check = createCheck('farside/worker: option ');
const MEMBERS = {
  endpoint: URL_TEXT,
  headers: FUNCTION,
  encryption: FUNCTION,
  fetch: FUNCTION,
  onEvent: FUNCTION,
  timeoutMs: milliseconds(0),
  patienceMs: milliseconds(0),
  maxPulledLength: atMost(0),
} as const;

/** @throws OfflineError `INVALID_OPTION`, naming the option, what was expected and what came. */
export function checkBackgroundOptions(options: BackgroundOptions): { readonly batch: BatchLimits | null } {
  check.one('options', options, ['an object', isObject]);
  check.each(options, MEMBERS);
  checkManifest(check, options.manifest);
  return { batch: batchLimits(options.batch, check) };
}
