import { type Is, isAnything, isObject, isOneOf, isText, isTexts, misfit, orAbsent, orNull } from '../../schema/shape.ts';
import type { Cancel, Channel } from '../ports.ts';

/** What one tab tells the others. Never the only copy of anything: what matters is on disk, and a lost message costs time. */
export type TabMessage =
  /** A new record is on disk; the leader sends it. */
  | { readonly kind: 'enqueued'; readonly id: string }
  /** A record was rewritten or removed, and the `also` with it: read them again. */
  | { readonly kind: 'changed'; readonly id: string; readonly also?: readonly string[] }
  /** A record was acknowledged: the `data` of its root field, for the tab whose caller waits. */
  | { readonly kind: 'settled'; readonly id: string; readonly result: unknown; readonly errors: readonly unknown[] }
  /** A record needs a person, or is gone: the code and message of the OfflineError that its caller gets. */
  | { readonly kind: 'failed'; readonly id: string; readonly code: string; readonly message: string }
  /** What the leader knows about the network. */
  | { readonly kind: 'connection'; readonly connection: 'online' | 'offline' | 'paused'; readonly reason: string }
  /** Answers of the server to sync queries, in order: for tabs of the same schema that stand where the first one goes on from. */
  | { readonly kind: 'pulled'; readonly schemaHash: string | null; readonly pages: readonly TabPage[] }
  /** A tab has been opened, and stands in line to send: a worker that does lets go. */
  | { readonly kind: 'opened' }
  /** This user's data is gone from disk: forget it in memory too. */
  | { readonly kind: 'signedOut'; readonly owner: string | null }
  /** Asks whoever it concerns: `flush` and `answer` the leader, `pause`, `resume`, `pull` and `look` every tab. `request` names the answer. */
  | { readonly kind: 'command'; readonly command: TabCommand; readonly request: string }
  /** Of what waits to be sent, the cache ids that this tab shows; `tab` tells it from others. */
  | { readonly kind: 'looking'; readonly tab: string; readonly ids: readonly string[] }
  /** The leader has carried out a command. */
  | { readonly kind: 'commandDone'; readonly request: string; readonly report: unknown };

/** What the server answered to the sync query that goes on from the cursor `since`. */
interface TabPage {
  readonly since: unknown;
  readonly data: unknown;
}

/** `answer`: whether it lives. `pull`: the one who asks has got news from the server, more than `pulled` can say. `look`: what does it show? */
export type TabCommand = 'flush' | 'answer' | 'pull' | 'pause' | 'resume' | 'look';

export interface TabChannel {
  post(message: TabMessage): void;
  subscribe(listener: (message: TabMessage) => void): Cancel;
  close(): void;
}

/**
 * Raised when a message changes its form. Tabs of two deploys are open side by side after every release; what the other
 * version says is ignored, as if it were lost.
 */
export const TAB_PROTOCOL = 1;

/** Typed messages over a channel that anybody on the origin can write to: what is not one of ours is ignored. */
export function createTabChannel(channel: Channel): TabChannel {
  return {
    post: (message) => channel.post({ farside: TAB_PROTOCOL, message }),
    subscribe: (listener) =>
      channel.subscribe((envelope) => {
        if (!isObject(envelope) || envelope.farside !== TAB_PROTOCOL) return;
        if (isTabMessage(envelope.message)) listener(envelope.message);
      }),
    close: () => channel.close(),
  };
}

/** Every field of every kind, so that a new one cannot be forgotten here. */
const SHAPES: { readonly [K in TabMessage['kind']]: { readonly [F in Exclude<keyof Extract<TabMessage, { kind: K }>, 'kind'>]: Is } } = {
  enqueued: { id: isText },
  changed: { id: isText, also: orAbsent(isTexts) },
  settled: { id: isText, result: isAnything, errors: Array.isArray },
  failed: { id: isText, code: isText, message: isText },
  connection: { connection: isOneOf('online', 'offline', 'paused'), reason: isText },
  pulled: {
    schemaHash: orNull(isText),
    pages: (value) => Array.isArray(value) && value.every((page) => isObject(page) && 'since' in page && 'data' in page),
  },
  opened: {},
  signedOut: { owner: orNull(isText) },
  command: { command: isOneOf('flush', 'answer', 'pull', 'pause', 'resume', 'look'), request: isText },
  looking: { tab: isText, ids: isTexts },
  commandDone: { request: isText, report: isAnything },
};

function isTabMessage(value: unknown): value is TabMessage {
  if (!isObject(value) || typeof value.kind !== 'string' || !Object.hasOwn(SHAPES, value.kind)) return false;
  return misfit(value, SHAPES[value.kind as TabMessage['kind']]) === undefined;
}
