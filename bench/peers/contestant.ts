import type { Clock } from '../../client/ports.ts';
import type { SeededRandom } from '../../test/harness/index.ts';
import type { Change } from './change.ts';
import type { Disk } from './disk.ts';

/** A way to build an app that works offline. */
export interface Contestant {
  /** Key in the figures. */
  readonly name: string;
  /** For people: the parts, and how they are put together. */
  readonly says: string;
  /** The server carries out each `Idempotency-Key` once. */
  readonly hasKeyedServer?: boolean;
  /** What outlives the pages of one browser, besides its disk. */
  browser(): (deps: PageDeps) => Promise<Page>;
}

/** What a page finds: the platform, and an observer who writes down what becomes of every change. */
export interface PageDeps {
  readonly user: string;
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly platform: Platform;
  readonly observer: Observer;
}

/** `navigator.onLine` and its events. It may be wrong. */
export interface Platform {
  isOnline(): boolean;
  subscribe(listener: (state: 'online' | 'offline') => void): () => void;
  /** Whether the endpoint answers. */
  probe(): Promise<boolean>;
}

export interface Observer {
  /** The change is on the disk: the earliest moment at which an app could say that it is safe. */
  stored(token: string): void;
  /** The server's answer reached whoever made the change. */
  acknowledged(token: string): void;
  /** Whoever made the change was told that it came to nothing. */
  failed(token: string): void;
}

/** One open page of the app. */
export interface Page {
  make(change: Change): void;
  /** Tokens of what it still means to send. */
  waiting(): readonly string[];
  /** Its process is gone: frees what the platform would free. */
  crash(): void;
}
