/**
 * The outside world, as the rest of client/ sees it. Time, chance, storage, locks, messages and the network come in through
 * these interfaces alone, so that a test can hold every one of them still.
 */

/** Undoes a subscription or a timer. Calling it twice is harmless. */
export type Cancel = () => void;

/** Milliseconds since the Unix epoch. For waiting, expiry and display only; never for ordering. */
export interface Clock {
  now(): number;
  /** Runs once, not before `delayMs` have passed. */
  after(delayMs: number, run: () => void): Cancel;
}

/** Chance, so that a seed can decide it. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A fresh UUIDv7: unguessable, and roughly in order of creation. */
  id(): string;
}

/**
 * Durable key-value storage. One put is atomic, and durable when its promise resolves; nothing spans two keys.
 * Values are JSON values other than `null`, left alone by their author until the put has settled; inside them may stand Blobs, Files,
 * ArrayBuffers and typed arrays (a mutation's files). An absent key reads as `null`.
 * Every failure rejects with an OfflineError: `STORAGE_FULL`, `STORAGE_UNAVAILABLE`, `INVALID_OPERATION` for a value that is none, or
 * `UNKNOWN_FORMAT` for one that is damaged.
 */
export interface Storage {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /**
   * Every pair whose key begins with `prefix`, in ascending order of keys. A damaged value does not hide the others: in its place
   * stands what is left of it, or the OfflineError that says why.
   */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** Many puts at the cost of one, where the engine has that. Each is atomic; together they need not be. */
  putMany?(pairs: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
}

/** 16 or 32 bytes, or an AES-GCM key that may encrypt and decrypt. One for each owner; keeping it safe is the application's business. */
export type EncryptionKey = CryptoKey | Uint8Array<ArrayBuffer>;

/** Mutual exclusion between the tabs of one browser. */
export interface Locks {
  /**
   * Waits in line for the lock, then runs; the lock is free again when `run` settles or the tab dies. The signal aborts when
   * the lock is lost or `abandon` fires. Settles as `run` does; abandoned while still in line, it resolves without running.
   * `steal`: past the line, and from whoever holds it, whose signal aborts as soon as it can hear.
   */
  hold(
    name: string,
    run: (signal: AbortSignal) => Promise<void>,
    abandon: AbortSignal,
    options?: { readonly steal?: boolean },
  ): Promise<void>;
}

/** Messages between tabs. May be lost; never the only copy of anything. Not delivered to the sender. */
export interface Channel {
  post(message: unknown): void;
  subscribe(listener: (message: unknown) => void): Cancel;
  close(): void;
}

/** What the platform believes about the network. A hint, never a proof. */
export interface Connectivity {
  current(): 'online' | 'offline';
  subscribe(listener: (state: 'online' | 'offline') => void): Cancel;
  /** Asks the real network. `true` only when the endpoint itself answered. Never rejects. */
  probe(): Promise<boolean>;
}

/**
 * Tells when the page is about to go away or has come back, so that what is pending can be flushed; and when the platform is about
 * to stop it without ending it, so that others need not wait for it. After `freeze` nothing runs until `resume`, if ever.
 */
export interface Lifecycle {
  subscribe(listener: (event: LifecycleEvent) => void): Cancel;
}

/** `leave`: the page goes away, for all it can know for good. */
export type LifecycleEvent = 'hide' | 'show' | 'leave' | 'freeze' | 'resume';

/** Whether the browser may throw away what is stored when it needs room, or when nobody came for a week. */
export interface Persistence {
  /** Asks it not to. `true`: it has promised. Asking again is harmless. */
  request(): Promise<boolean>;
}

/**
 * Code that not every app needs, or not at the start: a chunk of its own, fetched like any other file of the app. An app that must open
 * without a network caches all of its files, and these with them.
 */
export interface OnDemand<T> {
  /** `null`: not here yet. */
  readonly loaded: T | null;
  /** Rejects with an OfflineError `CODE_NOT_LOADED` when it cannot be fetched; a later call tries again. */
  load(): Promise<T>;
}
