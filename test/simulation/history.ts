import { createHash } from 'node:crypto';
import type { Commit, Delivery } from './world/commit-log.ts';
import type { Intent } from './world/intent.ts';

/** What a person saw of one entity: output field names, a reference as the id that it names. */
export type Shown = Readonly<Record<string, unknown>>;

/** One line of an outbox as it lists itself to people. */
export interface Listed {
  readonly record: string;
  readonly ticket: string | null;
  readonly state: string;
  readonly code: string | null;
  readonly waitingFor: readonly string[];
}

/**
 * Everything that happened, as it could be seen from outside the product: what clients were told, what was on screen, what
 * reached the server and what it committed, and what was done to them. The oracles read this and nothing else.
 */
export type Happening =
  | { readonly kind: 'step'; readonly step: number; readonly device: string; readonly action: string }
  /** Somebody called `mutate` in a tab. */
  | { readonly kind: 'made'; readonly ticket: string; readonly tab: string; readonly intent: Intent }
  /** … and was told that it is stored. */
  | { readonly kind: 'durable'; readonly ticket: string; readonly record: string }
  /** … or that it is not. */
  | { readonly kind: 'refused'; readonly ticket: string; readonly code: string }
  /** … and was told what the server answered. */
  | { readonly kind: 'settled'; readonly ticket: string; readonly data: unknown }
  /** … or that it did not work out: parked, refused, discarded, or the tab is closing. */
  | { readonly kind: 'failed'; readonly ticket: string; readonly code: string }
  /** A person chose what becomes of a parked conflict or a dead letter. */
  | {
      readonly kind: 'decided';
      readonly ticket: string;
      readonly record: string;
      /** Where: of what was copied to another device people may decide twice. */
      readonly device: string;
      readonly how: Decided;
      readonly set?: Readonly<Record<string, unknown>>;
    }
  /** Entities whose appearance changed in one broadcast; `null`: no longer there. */
  | { readonly kind: 'shown'; readonly tab: string; readonly entities: Readonly<Record<string, Shown | null>> }
  | { readonly kind: 'listed'; readonly tab: string; readonly outbox: readonly Listed[] }
  | { readonly kind: 'event'; readonly tab: string; readonly code: string; readonly message: string }
  | { readonly kind: 'opened'; readonly tab: string; readonly user: string }
  | { readonly kind: 'closed'; readonly tab: string; readonly how: 'closed' | 'crashed' | 'signed out' }
  /**
   * A worker has fetched so many pages with no tab open, and then the app was opened without a network: the versions of what its lists
   * show, by entity. `types`: those whose list is there at all.
   */
  | {
      readonly kind: 'ahead';
      readonly worker: string;
      readonly tab: string;
      readonly pages: number;
      readonly types: readonly string[];
      readonly versions: Readonly<Record<string, unknown>>;
    }
  /** A device's disk is as it was when so much had happened. */
  | { readonly kind: 'rolledBack'; readonly device: string; readonly to: number }
  /** Another device of the same person was set up from a copy of this one. */
  | { readonly kind: 'copied'; readonly from: string; readonly to: string }
  /** Somebody begins to sign out. */
  | { readonly kind: 'leaving'; readonly tab: string; readonly pending: 'flush' | 'keep' | 'discard' }
  /** A request reached the server. */
  | { readonly kind: 'arrived'; readonly delivery: Delivery }
  /** The server answered it, heard or not. */
  | { readonly kind: 'answered'; readonly delivery: number; readonly status: number; readonly body: string; readonly commits: number }
  | { readonly kind: 'committed'; readonly commit: Commit }
  | { readonly kind: 'server'; readonly what: 'killed' | 'started' | 'restored'; readonly commits: number }
  | { readonly kind: 'collected'; readonly entities: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: string; readonly site: string }
  | { readonly kind: 'phase'; readonly phase: 'healed' | 'quiet' | 'settled' }
  | { readonly kind: 'note'; readonly text: string };

export type Decided = 'local' | 'remote' | 'value' | 'retry' | 'edit' | 'discard';

export type Event = Happening & {
  readonly order: number;
  /** Milliseconds of simulated time since the world began. */
  readonly at: number;
};

export interface History {
  readonly events: readonly Event[];
  note(happening: Happening): void;
  /** Of everything noted so far: two runs of one seed have the same. */
  hash(): string;
}

export function createHistory(elapsed: () => number): History {
  const events: Event[] = [];
  const digest = createHash('sha256');
  return {
    events,
    note(happening) {
      const event = { order: events.length, at: elapsed(), ...happening };
      events.push(event);
      digest.update(JSON.stringify(event));
    },
    hash: () => digest.copy().digest('hex').slice(0, 16),
  };
}

/** The events of one kind, in order. */
export function eventsOf<K extends Event['kind']>(events: readonly Event[], kind: K): readonly Extract<Event, { readonly kind: K }>[] {
  return events.filter((event): event is Extract<Event, { readonly kind: K }> => event.kind === kind);
}
