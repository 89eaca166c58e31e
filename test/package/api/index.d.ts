import { ApolloCache, ApolloClient, ApolloLink, Cache, InMemoryCache, InMemoryCacheConfig, OperationVariables, StoreObject, Transaction } from "@apollo/client";
import { DocumentNode } from "graphql";
import { Observable } from "rxjs";

//#region schema/merge.d.ts
/**
 * The three-way merge, per field and deep, used by both halves: the server merges what has a strategy, the client merges
 * the conflicts that come back, and both must agree.
 */
type MergeStrategy = 'REPORT' | 'CLIENT_WINS' | 'SERVER_WINS' | 'LAST_WRITE_WINS' | 'SET_UNION' | 'COUNTER' | 'TEXT';
/** What a strategy answers when a person has to choose. */
declare const MANUAL: unique symbol;
interface MergeContext {
  readonly typename: string;
  readonly field: string;
  /** The three states of the whole entity, as far as they are known, by input name; `local` holds what the editor set. */
  readonly entity: EntityTriple;
}
type Values = Readonly<Record<string, unknown>>;
interface EntityTriple {
  readonly base: Values;
  readonly local: Values;
  readonly remote: Values;
}
/** A merge rule: the merged value, or {@link MANUAL}. Must be pure: both halves and every retry run it again. */
type MergeFunction = (base: unknown, local: unknown, remote: unknown, context: MergeContext) => unknown;
/** The application's own rules: by type, then by input field name; `'*'` stands for every other field of the type. */
type ConflictRules = Readonly<Record<string, Readonly<Record<string, MergeStrategy | MergeFunction>>>>;
//#endregion
//#region client/adapters/compressed-fetch.d.ts
interface CompressedFetchOptions {
  /** Smaller bodies are sent as they are. Bytes, default 1024: below, gzip saves no packet. */
  readonly minBytes?: number;
  /** Default: the platform's, looked up at each call. */
  readonly fetch?: typeof globalThis.fetch;
}
/**
 * A `fetch` for `HttpLink`, or for the worker, that compresses what it sends: `new HttpLink({ uri, fetch: compressedFetch() })`.
 * Queued mutations sent together are mostly one document and many alike variables, and shrink to a tenth.
 *
 * Only where the server has said that it reads gzip, by `Accept-Encoding` on an earlier response (RFC 7694; `useCompressedRequests` of
 * `farside/server` does). A server that answers 415 all the same gets the body once more as it was. Across origins the server
 * has to expose `Accept-Encoding` and to allow `Content-Encoding` (CORS).
 */
declare function compressedFetch({
  minBytes,
  fetch: given
}?: CompressedFetchOptions): typeof globalThis.fetch;
//#endregion
//#region client/ports.d.ts
/**
 * The outside world, as the rest of client/ sees it. Time, chance, storage, locks, messages and the network come in through
 * these interfaces alone, so that a test can hold every one of them still.
 */
/** Undoes a subscription or a timer. Calling it twice is harmless. */
type Cancel = () => void;
/** Milliseconds since the Unix epoch. For waiting, expiry and display only; never for ordering. */
interface Clock {
  now(): number;
  /** Runs once, not before `delayMs` have passed. */
  after(delayMs: number, run: () => void): Cancel;
}
/** Chance, so that a seed can decide it. */
interface Random {
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
interface Storage {
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
type EncryptionKey = CryptoKey | Uint8Array<ArrayBuffer>;
/** Mutual exclusion between the tabs of one browser. */
interface Locks {
  /**
   * Waits in line for the lock, then runs; the lock is free again when `run` settles or the tab dies. The signal aborts when
   * the lock is lost or `abandon` fires. Settles as `run` does; abandoned while still in line, it resolves without running.
   * `steal`: past the line, and from whoever holds it, whose signal aborts as soon as it can hear.
   */
  hold(name: string, run: (signal: AbortSignal) => Promise<void>, abandon: AbortSignal, options?: {
    readonly steal?: boolean;
  }): Promise<void>;
}
/** Messages between tabs. May be lost; never the only copy of anything. Not delivered to the sender. */
interface Channel {
  post(message: unknown): void;
  subscribe(listener: (message: unknown) => void): Cancel;
  close(): void;
}
/** What the platform believes about the network. A hint, never a proof. */
interface Connectivity {
  current(): 'online' | 'offline';
  subscribe(listener: (state: 'online' | 'offline') => void): Cancel;
  /** Asks the real network. `true` only when the endpoint itself answered. Never rejects. */
  probe(): Promise<boolean>;
}
/**
 * Tells when the page is about to go away or has come back, so that what is pending can be flushed; and when the platform is about
 * to stop it without ending it, so that others need not wait for it. After `freeze` nothing runs until `resume`, if ever.
 */
interface Lifecycle {
  subscribe(listener: (event: LifecycleEvent) => void): Cancel;
}
/** `leave`: the page goes away, for all it can know for good. */
type LifecycleEvent = 'hide' | 'show' | 'leave' | 'freeze' | 'resume';
/** Whether the browser may throw away what is stored when it needs room, or when nobody came for a week. */
interface Persistence {
  /** Asks it not to. `true`: it has promised. Asking again is harmless. */
  request(): Promise<boolean>;
}
//#endregion
//#region client/adapters/encrypted-storage.d.ts
interface EncryptedStorageOptions {
  /** Bound to every entry beside its key, so that none can be moved to a storage of another name. Default `''`. */
  readonly name?: string;
  /** So that two tabs do not switch encryption on at the same time. Default Web Locks, or within the process where there are none. */
  readonly locks?: Locks;
}
/**
 * A storage whose values nobody can read or exchange without the key (WebCrypto AES-GCM, a random IV for each write, the entry's own
 * key as additional data). Names of keys stay in the clear: the library's hold the owner's id, record ids and counters, no data.
 *
 * With another key than the one that the storage was written with, every call rejects with `WRONG_KEY` and nothing is changed. A
 * single damaged entry is an `UNKNOWN_FORMAT` of its own. What stood there in the clear is encrypted when the storage is first opened.
 * @throws OfflineError `INVALID_OPTION` for what is no key, `INVALID_OPERATION` on an insecure page, which has no WebCrypto.
 */
declare function encryptedStorage(storage: Storage, key: EncryptionKey, options?: EncryptedStorageOptions): Storage;
/**
 * A key from what a person remembers: PBKDF2 with SHA-256, 600 000 rounds (OWASP, Password Storage Cheat Sheet). The `salt` is not
 * secret, differs by user, and must be the same every time: the user's id will do.
 */
declare function deriveEncryptionKey(passphrase: string, salt: string): Promise<CryptoKey>;
//#endregion
//#region client/adapters/localforage.d.ts
interface LocalforageOptions {
  /** Name of the IndexedDB database; default `farside`. Storages that may be emptied apart should be databases apart. */
  readonly name?: string;
  /** Name of the object store in it; default `values`. */
  readonly storeName?: string;
  /** How long the database may take to open, in milliseconds; default 10 000. Some private modes never answer at all. */
  readonly openTimeoutMs?: number;
}
/**
 * Storage in the browser's IndexedDB, through localforage. A put is one IndexedDB transaction, and its promise resolves on
 * `complete`. There is no silent step down to localStorage: what IndexedDB refuses rejects with `STORAGE_UNAVAILABLE`, or with
 * `STORAGE_FULL`. A failed opening is tried again by the next call.
 *
 * Only opening is bounded. A write that were given up could still take effect, and its author would have been told otherwise.
 */
declare function localforageStorage(options?: LocalforageOptions): Storage;
//#endregion
//#region client/adapters/memory.d.ts
/**
 * Storage that lives as long as the process: for tests, for servers, and where losing everything on reload is acceptable.
 * Values are copied on the way in and out, as a disk would. Two storages over the same `cells` see the same data.
 */
declare function memoryStorage(cells?: Map<string, unknown>): Storage;
//#endregion
//#region client/adapters/persist-storage.d.ts
/** A storage wrapper of apollo3-cache-persist, or anything like it (localStorage, AsyncStorage, MMKV …): strings by key. */
interface PersistWrapper {
  getItem(key: string): Promise<string | null | undefined> | string | null | undefined;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
}
interface PersistStorageOptions {
  /** Begins every key that is used in the wrapped storage; default `farside`. Two storages over one wrapper need two names. */
  readonly name?: string;
  /** Mutual exclusion of everyone who writes to the same storage; default Web Locks, or within the process where there are none. */
  readonly locks?: Locks;
}
/**
 * Storage over a key-value wrapper that cannot list its keys. Values are stored as JSON, files in them as base64.
 *
 * The keys are kept in index entries of their own. A key enters the index *before* its value is written and leaves *after* it is
 * removed, so that a crash in between leaves a name without a value, which listing skips, and never a value that no one finds.
 * A write holds a lock over its index entry, because two tabs that rewrite one list would drop each other's keys.
 *
 * A stored text that is not JSON (damaged, or another program's) is handed on as it is: the reader decides what to do with it.
 */
declare function fromCachePersist(wrapper: PersistWrapper, options?: PersistStorageOptions): Storage;
//#endregion
//#region client/cache/eviction.d.ts
/**
 * How long cached data is kept, and how much of it. What goes leaves memory and disk, within a minute or so, and is fetched again when a
 * query needs it; an event `CACHE_EVICTED` says how much it was. Never what a pending mutation touches or an active query shows; and
 * nothing goes while there is no network. A stored list goes with any of its rows, because it would tell less than the truth.
 */
interface RetentionOptions {
  /**
   * How long an entity stays after it last came from the server, or was written by the application: milliseconds, by type name; `'*'`
   * stands for every other type. Default: without limit.
   */
  readonly timeToLiveMs?: Readonly<Record<string, number>>;
  /** Above this the least recently used go: those that were longest not fetched, read or shown. Default: without limit. */
  readonly maxEntities?: number;
  /** The same by what entities take on disk, where each character of their JSON counts as one. Default: without limit. */
  readonly maxBytes?: number;
}
//#endregion
//#region schema/version.d.ts
/** Versions: how two states of one entity relate. */
type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';
/** COUNTER: an integer ≥ 1. The other kinds: strings. 0, of every kind: not yet at the server. */
type Version = number | string;
//#endregion
//#region client/cache/tombstones.d.ts
/** What has been taken away, by cache id, until it comes again: deleted, or not this user's to see any more. */
interface Tombstones {
  /** The version at which it went; an answer older than that does not bring it back (I8). `null`: unknown. */
  versionOf(id: string): Version | null | undefined;
  /** There is nothing for this user under this id: not even what the server keeps of what was deleted. */
  isHidden(id: string): boolean;
  set(id: string, version: Version | null, isHidden: boolean): void;
  delete(id: string): void;
  /** The latest that are hidden, to be stored with the checkpoint; absent: there are none. */
  stored(): {
    readonly hidden?: Readonly<Record<string, Version | null>>;
  };
  /** As an earlier start has stored them; whatever else a checkpoint holds is passed over. */
  restore(checkpoint: unknown): void;
  clear(): void;
}
//#endregion
//#region client/cache/changes.d.ts
/** Is told of the entity, and of what was stored before. */
type ChangeListener = (id: string, before: StoreObject | undefined) => void;
/** Once for all changes of one turn, with the first of them; for each, within the change; or for each write, whether it changes something or not. */
type When = 'turn' | 'each' | 'written';
//#endregion
//#region client/cache/shown.d.ts
/** What a pending write shows. Runs again whenever the data under it changes, so it must be pure: same cache, same effect. */
type PendingUpdate = (cache: ApolloCache) => void;
/** A pending update that threw while being applied. */
interface PendingFailure {
  readonly id: string;
  readonly error: unknown;
}
//#endregion
//#region client/cache/offline-cache.d.ts
/**
 * An InMemoryCache that shows pending writes over the data until they are settled, at a cost that does not grow with their
 * square: all lie in one layer, rebuilt and swapped when the data under it changes. So a day-old edit never hides newer
 * fields of the same entity, and while a write is pending or just acknowledged nobody sees the value before it (I10).
 *
 * Every public behaviour of InMemoryCache holds. Three things are added to it: data with a lower `_version` never replaces
 * newer data, optimistic responses lie in the layer of pending writes while there are any, and {@link OfflineCache.together}.
 */
declare class OfflineCache extends InMemoryCache {
  #private;
  /** What {@link bury} has taken away. */
  readonly tombstones: Tombstones;
  constructor(config?: InMemoryCacheConfig);
  /**
   * Shows `update` over the data until {@link hidePending}; the same id replaces. Updates apply in ascending `position`, those of
   * one position in order of arrival. One that throws shows what it had done by then, and is reported by {@link onPendingFailure}.
   */
  showPending(id: string, position: number, update: PendingUpdate): void;
  /** Stops showing an update. In one {@link together} with the write of its result nobody sees the moment between. */
  hidePending(id: string): void;
  /** Ids of all updates shown, in the order in which they apply. */
  pendingIds(): readonly string[];
  /** Runs many changes; watchers hear once, after all of them, also when `run` throws. Nestable. */
  together<T>(run: () => T): T;
  /** Watchers hear nothing until the returned function is called. Nestable. Reads are up to date all the while. */
  hold(): Cancel;
  /** Ids whose root (non-optimistic) value changed or went away since the last call. */
  takeChanged(): ReadonlySet<string>;
  /** Tells that {@link takeChanged} has something, once for all changes of one turn; or, inside the write, of `each` id with what was stored before, or of each `written` one, changed or not: only take note there. */
  onChanged(listener: ChangeListener, when?: When): Cancel;
  /** Tells of pending updates that threw while being applied. */
  onPendingFailure(listener: (failure: PendingFailure) => void): Cancel;
  /** The stored object of an entity without anything pending. Do not change it. */
  rootEntity(id: string): StoreObject | undefined;
  /** The same with all that is pending. */
  shownEntity(id: string): StoreObject | undefined;
  /** Ids of everything stored, `ROOT_QUERY` among them. */
  rootIds(): readonly string[];
  /** Ids that `gc()` keeps because they were written or retained by name. */
  retainedIds(): readonly string[];
  /** Merges raw stored objects, as from a disk. Older versions are ignored as everywhere. */
  mergeStored(objects: Readonly<Record<string, StoreObject>>, {
    broadcast
  }?: {
    readonly broadcast?: boolean;
  }): void;
  /** Evicts what the server says is gone, or `isHidden` from this user. What is older than `version` does not bring it back (I8). */
  bury(id: string, version: Version | null, isHidden?: boolean): void;
  /** Runs with the version guard off: for a full resync, where the server is right also when its history is shorter than ours. */
  overriding<T>(run: () => T): T;
  recordOptimisticTransaction(transaction: Transaction, optimisticId: string): void;
  removeOptimistic(optimisticId: string): void;
  batch<T>(options: Cache.BatchOptions<InMemoryCache, T>): T;
  restore(data: Parameters<InMemoryCache['restore']>[0]): this;
  reset(options?: Cache.ResetOptions): Promise<void>;
  extract(optimistic?: boolean): ReturnType<InMemoryCache['extract']>;
  protected broadcastWatches(options?: Pick<Cache.BatchOptions<InMemoryCache>, 'optimistic' | 'onWatchUpdated'>): void;
}
//#endregion
//#region schema/manifest.d.ts
/**
 * What the client needs to know about a schema, as plain JSON: written by the codegen plugin, read by createOffline.
 * With it optimistic results, lanes, conflict selection sets and merges need no hand-written code.
 */
interface OfflineManifest {
  readonly protocol: number;
  /** Changes when anything below does; stored with every record, so that a new deploy notices old ones. */
  readonly schemaHash: string;
  /** Versioned types by name. */
  readonly types: Readonly<Record<string, ManifestType>>;
  /** Mutation root fields by name. A field that is not here is `custom`: queued and sent, but known by nothing but its document. */
  readonly mutations: Readonly<Record<string, ManifestMutation>>;
  /** Query root fields that return one entity or a generated list of one type. */
  readonly queries: Readonly<Record<string, ManifestQuery>>;
}
interface ManifestType {
  readonly version: VersionKind;
  /** Stored fields by *output* name, without those of `Versioned`. Fields with hand-written resolvers are not stored and not here. */
  readonly fields: Readonly<Record<string, ManifestField>>;
}
interface ManifestField {
  /** `value`: scalar, enum, or list of them. `reference`: one entity of another versioned type, written by its id. */
  readonly kind: 'value' | 'reference';
  /** Name in inputs, filters, `base` and conflictingFields: the field's own, or `siteId` for a reference `site`. */
  readonly input: string;
  /** Named type: `String`, `Severity`, `Site` … */
  readonly type: string;
  readonly list: boolean;
  readonly nullable: boolean;
  readonly strategy: MergeStrategy;
}
interface ManifestMutation {
  readonly kind: 'create' | 'update' | 'delete';
  readonly typename: string;
  /** Name of the one argument that holds the input object. */
  readonly input: string;
  /** Named type of that argument: `UpdateTodoInput`. */
  readonly inputType: string;
  /** Payload object type and, in it, the field that holds the entity. */
  readonly payload: string;
  readonly entity: string;
  /** Conflict object type of the result union. Absent: there is none, and a conflict comes as an error (the errors profile). */
  readonly conflict?: string;
  /** A conflict says which lease stands in the way. */
  readonly lease?: true;
}
interface ManifestQuery {
  readonly kind: 'entity' | 'list';
  readonly typename: string;
}
//#endregion
//#region client/errors.d.ts
/**
 * What can go wrong in ways a program may want to tell apart. Stable: new codes may come, none changes its meaning.
 *
 * - `NOT_IN_CACHE`: a query needs the network, there is none, and the cache has no complete answer.
 * - `STORAGE_FULL`: the browser refused the write for lack of room. The write is *not* durable.
 * - `STORAGE_UNAVAILABLE`: storage cannot be opened or no longer answers (private mode, blocked, damaged). Nothing is durable.
 * - `NOT_DURABLE`: the operation was not stored, so it would not survive a reload; the cause says why.
 * - `OUTBOX_FULL`: the outbox has reached the limit set in `limits`.
 * - `RECORD_TOO_LARGE`: one mutation is larger than `limits` allow; it was not stored.
 * - `WRONG_KEY`: what is stored was encrypted with another key; nothing is read, written or removed.
 * - `WRONG_OWNER`: records or a session of another user.
 * - `MUTATION_REJECTED`: the server said no for good; the record is kept among the dead letters.
 * - `CONFLICT_PARKED`: a person has to choose between the two versions; the record is kept among the conflicts.
 * - `DISCARDED`: a person, or signing out, took the record out of the outbox before it was applied.
 * - `EXPIRED`: the record outlived its own `expiresAfterMs` unsent.
 * - `UNKNOWN_RECORD`: no record with that id, or not in the state that the call needs.
 * - `UNKNOWN_FORMAT`: something on disk was written by another version or is damaged.
 * - `INVALID_OPTION`: an option has the wrong form.
 * - `INVALID_OPERATION`: the operation cannot be carried out that way (a subscription in the outbox, a mutation without a name …).
 * - `OFFLINE`: the call needs the network and was told not to wait for it.
 * - `TIMED_OUT`: a query, or a mutation past the outbox, got no answer in time. Queued mutations are sent again instead.
 * - `LEASE_HELD`: another client holds the lease; `lease` says until when, and who, as far as the server tells.
 * - `LEASE_REFUSED`: the server gives no lease of this entity, to this user, or now; the message says why.
 * - `LEASE_LOST`: a lease ended before it was released.
 * - `CODE_NOT_LOADED`: a part of the library that is loaded when it is first needed could not be fetched; nothing was done.
 * - `DISPOSED`: used after `dispose()` or `signOut()`.
 */
type OfflineErrorCode = 'NOT_IN_CACHE' | 'STORAGE_FULL' | 'STORAGE_UNAVAILABLE' | 'NOT_DURABLE' | 'OUTBOX_FULL' | 'RECORD_TOO_LARGE' | 'WRONG_KEY' | 'WRONG_OWNER' | 'MUTATION_REJECTED' | 'CONFLICT_PARKED' | 'DISCARDED' | 'EXPIRED' | 'UNKNOWN_RECORD' | 'UNKNOWN_FORMAT' | 'INVALID_OPTION' | 'INVALID_OPERATION' | 'OFFLINE' | 'TIMED_OUT' | 'LEASE_HELD' | 'LEASE_REFUSED' | 'LEASE_LOST' | 'CODE_NOT_LOADED' | 'DISPOSED';
/** A lease that stands in the way. */
interface HeldLease {
  /** As the application's server names them; null: it does not say. */
  readonly holder: string | null;
  /** The same user holds it, in another tab or on another device. */
  readonly isYours: boolean;
  /** When it ends if it is not renewed: ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}
interface OfflineErrorOptions {
  readonly cause?: unknown;
  /** The mutation record that this is about. */
  readonly recordId?: string;
  readonly lease?: HeldLease;
}
/**
 * Every error that this library throws on purpose. Branch on `code`, never on the message: the message is for people and says
 * what was expected, what came, and what to do.
 */
declare class OfflineError extends Error {
  readonly code: OfflineErrorCode;
  /** The mutation record that this is about, if it is about one. */
  readonly recordId: string | undefined;
  /** Of `LEASE_HELD`. */
  readonly lease: HeldLease | undefined;
  constructor(code: OfflineErrorCode, message: string, options?: OfflineErrorOptions);
  /** Whether a value is an OfflineError, of `code` if one is given; also across bundles and realms, where `instanceof` fails. */
  static is(value: unknown, code?: OfflineErrorCode): value is OfflineError;
}
//#endregion
//#region client/outbox/record.d.ts
/**
 * A mutation record: one mutation root field, waiting for its one effect at the server.
 *
 *   queued ⇄ sending → acknowledged → (removed, once the cache on disk holds the result)
 *      ↑        ├────→ conflict   parked: a person decides, then queued again, rebased
 *      │        └────→ dead       refused for good: kept until edited, retried or discarded
 *      └── edit, retry, resolve
 *
 * An operation with several root fields becomes several records that follow one another, because each field succeeds or
 * fails, and is repeated, alone.
 */
declare const RECORD_CODEC = 1;
/** `sending` is never stored: after a crash nobody knows whether the request arrived, so the record is `queued` and sent again. */
type RecordState = 'queued' | 'sending' | 'acknowledged' | 'conflict' | 'dead';
type MutationKind = 'create' | 'update' | 'delete' | 'custom';
interface Failure {
  readonly code: string;
  readonly message: string;
  /** Of a dead letter: refused by the server; given up after `retry.maxAttempts`; or not sent by its deadline. */
  readonly reason?: 'rejected' | 'givenUp' | 'expired';
  /** What the server said, as it came: its GraphQL errors, or its refusal. */
  readonly details?: unknown;
  /** The client stopped trying: nobody knows whether the server applied the write, and its mutation id is not spent. */
  readonly givenUp?: true;
}
/** A parked conflict: what the server said, until a person chooses. Values by input field name. */
interface ParkedConflict {
  readonly code: string;
  readonly message: string;
  readonly currentVersion: number | string | null;
  readonly conflictingFields: readonly string[];
  /** The whole entity at the server; null when it is gone. */
  readonly remote: Readonly<Record<string, unknown>> | null;
  /** The whole entity as it was on screen when it was parked. */
  readonly onScreen: Readonly<Record<string, unknown>> | null;
  /** The lease that stood in the way. */
  readonly lease?: HeldLease;
}
interface MutationRecord {
  readonly codec: typeof RECORD_CODEC;
  /** UUIDv7; also the key in storage. */
  readonly id: string;
  /** Ascending in the order made, across tabs: larger than every sequence that its tab had seen. Never a time. */
  readonly sequence: number;
  /** Whose record it is; it is never sent as another. `null`: anonymous. */
  readonly owner: string | null;
  /** Shared by the records of one operation. */
  readonly operationId: string;
  /** The idempotency key: the tab session that made (or rebased) it, and its number there. */
  readonly clientId: string;
  readonly mutationId: number;
  /** The document, reduced to this root field. */
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Name of the root field, and its key in the response. */
  readonly field: string;
  readonly responseKey: string;
  /** Manifest hash and version of the app at the time of the edit, or when it was last brought into another form. */
  readonly schemaHash: string | null;
  readonly appVersion: string | null;
  readonly kind: MutationKind;
  /** The entity that it creates, changes or deletes. */
  readonly typename: string | null;
  readonly entityId: string | null;
  /** `entityId` stands for one that the server will assign (`resolveId`): what names it waits until that is known. */
  readonly temporaryId?: true;
  /** The variable that holds the input of a generated mutation; null: another mutation, by whatever it is described. */
  readonly inputVariable: string | null;
  /** The variable that holds the fields of an update described by hand: what it writes can be merged. */
  readonly writtenVariable?: string;
  /** Values of the written fields as the editor saw them, by input field name. Null: unknown. */
  readonly base: Readonly<Record<string, unknown>> | null;
  /** Hybrid clock of the edit, for types with fields where the later edit wins. A rebase keeps it: the edit was made when it was made. */
  readonly clock?: string;
  /** Fencing token of the lease that it was made under. */
  readonly lease?: number;
  /** A custom mutation's expected result, so that it is shown again after a reload. */
  readonly optimisticResponse: unknown;
  /** Cache ids that it changes, and cache ids that it needs to exist. They decide its lane. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly priority: Priority;
  readonly state: RecordState;
  readonly enqueuedAt: number;
  readonly expiresAt: number | null;
  /** Sends so far; the first is 1. */
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  /** Its key was sent before the attempts were counted anew: the server may have spent it. */
  readonly keyWasSent?: true;
  /** Times that it was edited under a key that the server may have spent: if it has, it says so, and a person decides. */
  readonly edits?: number;
  /** Ids of records that have become part of it: those that storage still has are not sent, and who waits for them waits for it. */
  readonly absorbed?: readonly string[];
  /** Conflict rounds already merged without a person. */
  readonly rounds: number;
  readonly failure: Failure | null;
  readonly conflict: ParkedConflict | null;
  /** The acknowledged `data` of this root field, kept until the cache on disk holds it. */
  readonly result: unknown;
}
type Priority = 'high' | 'normal' | 'low';
//#endregion
//#region client/conflict/strategies.d.ts
/** What the editor wrote stands. */
declare const clientWins: MergeStrategy;
/** What the server has stands. */
declare const serverWins: MergeStrategy;
/** The later edit stands, by the clocks of the devices. The server decides, and until then what the editor wrote is shown. */
declare const lastWriteWins: MergeStrategy;
/** Lists as sets: additions and removals of both sides. */
declare const setUnion: MergeStrategy;
/** Numbers as sums: what the editor added is added to what the server has. */
declare const counter: MergeStrategy;
//#endregion
//#region client/conflict/resolve.d.ts
/** How a person settles a parked conflict: one side for all of it, or values by input field name (fields not named: local). */
type Resolution = {
  readonly take: 'local' | 'remote';
} | {
  readonly value: Readonly<Record<string, unknown>>;
};
//#endregion
//#region client/conflict/text.d.ts
/**
 * Text: what both sides changed, where it does not overlap. The server merges fields of the strategy TEXT by itself; with
 * `conflict: { Todo: { note: text } }` a pending edit is shown merged before it has been sent, too.
 */
declare const text: MergeFunction;
//#endregion
//#region client/outbox/migration.d.ts
/** The deploy that runs here, as records carry it. */
interface Deploy {
  readonly appVersion: string | null;
  readonly schemaHash: string | null;
}
/** A waiting mutation as an earlier deploy has stored it. */
interface StoredMutation extends Deploy {
  readonly id: string;
  readonly operationName: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly kind: MutationKind;
  readonly typename: string | null;
  readonly entityId: string | null;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
}
/** The same mutation in today's form; what is absent stays. */
interface MigratedMutation {
  /** One mutation with one root field. */
  readonly document?: DocumentNode | string;
  readonly variables?: Readonly<Record<string, unknown>>;
}
/** Brings what an earlier deploy has left waiting into the form of this one. */
interface Migration {
  /** Mutations of this operation name. Default: all. */
  readonly operationName?: string;
  /** Mutations made by app versions before this one. Default: by any other version, or for another schema. */
  readonly before?: string;
  /**
   * What is different today; nothing: nothing is. `'park'`: it waits for a person, among the dead letters, with all its data.
   * Runs whenever such a mutation is read, in every tab: it must be pure. If it throws, the mutation is parked.
   */
  readonly migrate: (mutation: StoredMutation) => MigratedMutation | 'park' | null | undefined;
}
//#endregion
//#region client/outbox/reader.d.ts
/** A stored value that is not sent: it stays where it is, untouched, until a release comes that can read it or its owner clears it. */
interface QuarantinedRecord {
  /** In storage. */
  readonly key: string;
  /**
   * `RECORD_UNREADABLE`: damaged, or not one of ours. `RECORD_NEWER`: made by a newer release of the library or of the app.
   * `WRONG_OWNER`: of somebody else, whose data is not shown.
   */
  readonly code: 'RECORD_UNREADABLE' | 'RECORD_NEWER' | 'WRONG_OWNER';
  readonly message: string;
  /** As it is stored, for people to save what is in it. */
  readonly value: unknown;
}
//#endregion
//#region client/outbox/call-options.d.ts
/** Per-call options: `context.offline` of `client.mutate`, `useMutation` and `offline.mutate`. */
interface CallOptions {
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
//#endregion
//#region client/outbox/tickets.d.ts
/** What an operation's records came to, by response key, when all of them are acknowledged. */
interface SettledOperation {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[] | undefined;
  }[];
}
interface TicketHolder {
  /** Called synchronously, while the cache holds back its broadcast, so that result and optimism change hands unseen. */
  settled(operation: SettledOperation): void;
  /** The operation needs a person, or is gone. Its other records go on. */
  failed(error: OfflineError): void;
}
//#endregion
//#region client/outbox/description.d.ts
/** What a mutation touches, said by hand: for servers without a manifest, and for mutations that the manifest does not know. */
interface MutationDescription {
  /** What it does to the entity of `typename`. Default `'custom'`: nobody knows. */
  readonly kind?: MutationKind;
  /** The type of the entity that it creates, changes or deletes. With it the mutation has a lane of its own. */
  readonly typename?: string;
  /** The id of that entity. Default: the variable `id`, or else the member `id` of the only object among the variables. */
  readonly entityId?: (variables: Record<string, unknown>) => string | number | null | undefined;
  /**
   * What it needs, or touches besides its own entity: cache ids such as `Todo:1`, and ids of records such as {@link Ticket.id}.
   * It is sent after the earlier mutations of these. Without `typename` it counts as changing them: later ones come after it.
   */
  readonly dependsOn?: (variables: Record<string, unknown>) => readonly string[];
  /**
   * For a create (`kind` and `typename`) of a server that makes the ids itself: finds the id in the mutation's `data`. Until then the
   * entity goes by a temporary one, a UUID: `entityId`, or else the `id` of the object of that type in the optimistic response (of the
   * call, or `optimisticResponse`, which runs once then, and may make it up). What names it waits, and is sent with the server's id.
   * One that throws, or finds none, leaves a dead letter with its answer (`RESOLVE_ID_FAILED`); what names the entity waits on.
   */
  readonly resolveId?: (data: Readonly<Record<string, unknown>>) => string | number;
}
//#endregion
//#region client/outbox/draft.d.ts
/** A mutation as the application made it. */
interface MutationCall {
  readonly document: DocumentNode | string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly optimisticResponse?: unknown;
  readonly options?: CallOptions | undefined;
}
//#endregion
//#region client/outbox/enqueue.d.ts
/**
 * Takes a mutation in: its records are on screen when the call returns, and durable when the promise resolves. When they cannot be
 * made durable nothing stays on screen, nothing is sent, and the promise rejects with the storage's error.
 */
type Enqueue = (call: MutationCall, holder: TicketHolder) => Promise<readonly MutationRecord[]>;
//#endregion
//#region client/ticket.d.ts
/** The receipt for a mutation that is durable. */
interface Ticket<TData = unknown> {
  /** Of the (first) record in the outbox. */
  readonly id: string;
  /** The ids of the entities that it creates or changes, by response key: a create without an id was given one. */
  readonly entityIds: Readonly<Record<string, string>>;
  /**
   * Resolves when the server has acknowledged the mutation. Rejects with `OfflineError` when it needs a person
   * (`CONFLICT_PARKED`, `MUTATION_REJECTED`, `EXPIRED`: the record is kept) or is gone (`DISCARDED`). Nobody has to listen.
   */
  readonly settled: Promise<{
    readonly data: TData;
    readonly errors: SettledOperation['errors'];
  }>;
}
interface MutateOptions<TVariables> {
  readonly mutation: DocumentNode;
  readonly variables?: TVariables | undefined;
  readonly optimisticResponse?: unknown;
  readonly context?: {
    readonly offline?: CallOptions;
  } & Record<string, unknown>;
}
//#endregion
//#region client/fallback.d.ts
/** A mutation that was not sent by its deadline. */
interface ExpiredMutation {
  /** Of its record. */
  readonly id: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
  /** Requests that carried it and had no answer: above 0 it may have been applied all the same. */
  readonly attempts: number;
}
/**
 * What to do about a mutation that could not be sent by its deadline. Whatever it answers, the caller of the mutation hears `EXPIRED`.
 *
 * - Another mutation: it is queued in place of the expired one, which is then gone, unless other records stand on it.
 * - Nothing: the expired one stays among the dead letters, until a person decides.
 * - It throws: the same, and the event `FALLBACK_THREW` names the record.
 *
 * Runs once, in the tab that sends, also while there is no network; after a crash in the middle the dead letter is still there.
 */
type Fallback = (expired: ExpiredMutation) => Instead | Promise<Instead>;
type Instead = MutateOptions<Record<string, unknown>> | null | undefined;
/** Carries out fallbacks, for records that are dead letters by now. */
//#endregion
//#region client/replay/backoff.d.ts
interface BackoffOptions {
  /** The most that the first retry waits, in milliseconds. */
  readonly baseMs: number;
  /** The most that any retry waits, in milliseconds. */
  readonly maxMs: number;
}
//#endregion
//#region client/lease/leases.d.ts
interface LeaseOptions {
  /** How long the server keeps it for a device that it hears nothing of. Milliseconds ≥ 1000; the server may give less. Default 60 000. */
  readonly ttlMs?: number;
}
/** The right to be the only one who changes an entity. Renewed while this page lives and has a network. */
interface Lease {
  readonly typename: string;
  readonly id: string;
  /** Goes with every mutation of the entity that is made while the lease is held; the server checks it in the write itself. */
  readonly fencingToken: number;
  /** When it is lost if it is not renewed until then: milliseconds since the Unix epoch, by the clock of this device. */
  readonly expiresAt: number;
  /** Aborts when it ends before it is released, with an OfflineError as reason: `LEASE_LOST` (not renewed in time, refused, the page was left), `DISPOSED`. */
  readonly lost: AbortSignal;
  /** Gives it back, once what was written under it has been sent. Never rejects: what the server does not hear expires there. */
  release(): Promise<void>;
}
interface Leases {
  lease(typename: string, id: string, options?: LeaseOptions): Promise<Lease>;
  /** The fencing token for a mutation that writes these entities, by cache id; `null`: none of them is leased here. */
  tokenOf(writes: readonly string[]): number | null;
  /** Gives everything back, as far as it can be. */
  dispose(): void;
}
//#endregion
//#region client/cache/late-answers.d.ts
/** One query on its way to the server and back. */
interface LateAnswer {
  /** Runs what writes the answer into the cache. */
  arrive<T>(write: () => T): T;
  /** It is over, answered or not. */
  end(): void;
}
//#endregion
//#region client/links/cache-fallback-link.d.ts
interface CacheFallbackDeps {
  /** Whether queries should go to the network at all. */
  readonly online: () => boolean;
  /** A promise while queued mutations are on their way, else null: a refetch that overtakes them would show the past. */
  readonly drained: () => Promise<void> | null;
  /** A query sets out; its answer may arrive late. */
  readonly underWay: () => LateAnswer;
  /** A promise while the stored cache is still being read, else null: what is not in memory yet may be there then. */
  readonly restoring?: () => Promise<void> | null;
}
/**
 * Answers queries from the cache when the network cannot: at once while offline, and after a network failure while online.
 * Only with a complete answer, and never with optimistic data, because what a link returns is written into the cache as truth.
 * Without one the query fails fast with `OfflineError` `NOT_IN_CACHE`, instead of loading for ever.
 *
 * A query that the cache could already answer is a refetch: it waits until the outbox has been sent.
 */
declare class CacheFallbackLink extends ApolloLink {
  #private;
  constructor(deps: CacheFallbackDeps);
  request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result>;
}
//#endregion
//#region client/links/conflict-link.d.ts
/**
 * Asks for what the client needs to know of a mutation's answer and the document did not ask for: the conflict payload, the
 * refusal, the whole entity with its version. So no component writes a conflict selection set, and what stands in the cache
 * after an acknowledgement includes the write.
 *
 * Purpose-built for mutations of the manifest; everything else passes through untouched.
 */
declare class ConflictLink extends ApolloLink {
  #private;
  constructor(options: {
    readonly manifest: OfflineManifest;
  });
  request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result>;
}
//#endregion
//#region client/outbox/live-turn.d.ts
/**
 * When a mutation past the outbox may go: never before what is queued for an entity or an ordering key that it names, or for what nobody
 * knows. Of what names none (a sign-in) nobody knows what it should wait for, so it waits for nothing; nor does it for what waits for a
 * person.
 * Null: at once. The promise rejects with `OFFLINE` where there is no network to empty its lane.
 */
type LiveTurn = (call: MutationCall) => Promise<void> | null;
//#endregion
//#region client/links/outbox-link.d.ts
/** `context.offline` of an operation. `replay` marks what the drain sends: it has been through the outbox. */
interface OfflineContext extends CallOptions {
  /** @internal */
  readonly replay?: boolean;
}
declare module '@apollo/client' {
  interface DefaultContext {
    offline?: OfflineContext;
  }
}
/**
 * Takes mutations into the outbox. The observable emits when the server has acknowledged all root fields, so `client.mutate()`
 * and `useMutation` mean what they always meant; it fails when the mutation is refused, parked as a conflict, discarded, or
 * could not be made durable (`NOT_DURABLE`, with the storage's error as cause).
 *
 * Queries and subscriptions pass through, and mutations with `context: { offline: { queue: false } }` after what is queued for the entities
 * and ordering keys that they name; with no network to send that, they fail with `OFFLINE`.
 */
declare class OutboxLink extends ApolloLink {
  #private;
  constructor(options: {
    readonly enqueue: Enqueue; /** Default: what goes past the outbox waits for nothing. */
    readonly turn?: LiveTurn; /** Puts the server's ids in the place of temporary ones. Default: there are none. */
    readonly translate?: <T>(value: T) => T;
  });
  request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result>;
}
//#endregion
//#region client/connection/connection-state.d.ts
/** How one request ended, as far as the connection is concerned. A refusal is an answer. */
type RequestOutcome = 'answered' | 'unreachable' | 'unauthenticated';
//#endregion
//#region client/links/retry-link.d.ts
interface RetryLinkOptions extends BackoffOptions {
  /** Attempts, the first included. Default 3: an interactive query should fail while somebody still waits for it. */
  readonly maxAttempts: number;
  /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
  readonly timeoutMs: number;
}
/**
 * Sends queries again that got no answer or a passing failure, with full jitter and `Retry-After`, while the connection is
 * believed to be up. Mutations are never repeated here: queued ones are by the drain, under their idempotency key, and nobody
 * knows whether an unqueued one was applied. Neither waits for ever: what has no answer in time fails with `TIMED_OUT`, the last
 * attempt of a query too. Every outcome is news for the connection state.
 */
declare class RetryLink extends ApolloLink {
  #private;
  constructor(deps: {
    readonly clock: Clock;
    readonly random: Random;
    readonly online: () => boolean;
    readonly report: (outcome: RequestOutcome) => void;
  }, options: RetryLinkOptions);
  request(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): Observable<ApolloLink.Result>;
}
//#endregion
//#region client/observed.d.ts
/** A value that changes. `get()` returns the same reference until it does, so that it fits `useSyncExternalStore` and its like. */
interface Observed<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
}
/**
 * Calls `run` with the value now, and again whenever it is another one, until the returned function is called: what the stores,
 * refs and signals of most frameworks are made from. `source` is any part of {@link Offline} that can be subscribed to.
 */
declare function observe<T>(source: {
  subscribe(listener: () => void): Cancel;
}, get: () => T, run: (value: T) => void): Cancel;
//#endregion
//#region client/cache/import-on-demand.d.ts
/** Where apollo3-cache-persist keeps a cache: what its `CachePersistor` was given. */
interface PersistedCache {
  /** The same wrapper: `new LocalStorageWrapper(localStorage)`, `new LocalForageWrapper(localforage)` … */
  readonly storage: {
    getItem(key: string): unknown;
    removeItem(key: string): unknown;
  };
  /** Default `apollo-cache-persist`, as there. */
  readonly key?: string;
}
//#endregion
//#region client/options.d.ts
/**
 * What the library should know of one mutation by its operation name; lasts over reloads, unlike functions given per call.
 * One that throws is reported as an event that names the record, and everything else goes on.
 */
interface MutationDefaults extends MutationDescription {
  /** The expected result, by the document's shape. For mutations that the manifest knows it is made from the input. */
  readonly optimisticResponse?: (variables: Record<string, unknown>) => Record<string, unknown>;
  /** Changes the cache beyond the entity itself. Runs for the optimistic and for the real result, often: it must be pure. */
  readonly update?: (cache: ApolloCache, result: {
    readonly data: unknown;
  }, options: {
    readonly variables: Record<string, unknown>;
  }) => void;
  /** What to do when the mutation, made with `expiresAfterMs`, could not be sent in time. */
  readonly fallback?: Fallback;
  /** Names of queries to fetch again once the mutation is acknowledged and the outbox is empty. */
  readonly refetchQueries?: readonly string[];
}
interface OfflineOptions {
  /** The client's cache. */
  readonly cache: OfflineCache;
  /** Whose data this is: everything stored is kept under this name and never sent for another. `null`: nobody signed in. */
  readonly owner: string | null;
  /** Written by the codegen plugin. Without it a mutation is what `mutations` says of it; of what nothing is said waits for all before it. */
  readonly manifest?: OfflineManifest;
  /** By operation name. */
  readonly mutations?: Readonly<Record<string, MutationDefaults>>;
  /** Merge rules over those of the schema: by type, then by input field name or `'*'`. */
  readonly conflict?: ConflictRules;
  /**
   * Version of the application, kept with every mutation: whole numbers with dots between them, such as `'2.10.1'`. Default: none.
   * A tab of an older version leaves alone what a newer one has stored for another schema.
   */
  readonly appVersion?: string;
  /** What becomes of mutations that an earlier version has left waiting, in the order in which they are applied. Needs `appVersion`. */
  readonly migrations?: readonly Migration[];
  /** The GraphQL endpoint, asked whether the network is real. Default `/graphql`. */
  readonly endpoint?: string;
  readonly retry?: {
    /** The most that the first retry waits. Milliseconds, default 1000. */readonly baseMs?: number; /** The most that any retry waits. Milliseconds, default 60 000. */
    readonly maxMs?: number; /** Attempts of one mutation that the server answered with a failure, the first included, until it becomes a dead letter. Default Infinity. */
    readonly maxAttempts?: number; /** Milliseconds until an attempt without an answer counts as lost. Default 30 000. */
    readonly timeoutMs?: number; /** Mutations under way at once, each of another lane. Default 4. */
    readonly concurrency?: number; /** Attempts of one query, the first included. Default 3. */
    readonly maxQueryAttempts?: number;
  };
  /**
   * Mutations that wait for nothing share a document, one aliased root field each: a thousand of them cost ten round trips. `false`:
   * one request each, as servers want it that only take documents they know. By default a server that has not shown that it speaks
   * the protocol gets single mutations, because one with non-null root fields answers a batch with nothing when a part of it fails.
   */
  readonly batch?: false | {
    /** Mutations in one document. Default 100, at most 500. */readonly maxCount?: number; /** Bytes of their documents and variables. Default 500 000: most servers take a megabyte, and links add something. */
    readonly maxBytes?: number;
  };
  /**
   * Whether mutations of one entity that were never sent become one: update and update, create and update, update and delete; a create
   * and its delete become nothing. An hour of typing without a network is one write then, and everybody who waits hears of its answer.
   * The server judges it as one, too: what it refuses is kept as one dead letter, with all that is in it. Generated mutations only, and
   * none of which `mutations` gives `update`, `optimisticResponse`, `refetchQueries` or `fallback`. The same in all tabs. Default `false`.
   */
  readonly compact?: boolean;
  readonly limits?: {
    /** Mutations that may wait at once. Default 10 000. */readonly maxRecords?: number; /** Characters of one mutation's record as JSON. Default 1 000 000. */
    readonly maxRecordLength?: number; /** Bytes of the files and buffers in one mutation's variables. Default 20 000 000; Yoga takes requests of up to 25 MB. */
    readonly maxFileBytes?: number; /** Conflicts of one mutation merged without a person, one after another. Default 5. */
    readonly maxConflictRounds?: number;
  };
  readonly journal?: {
    /** Quiet time after a cache change until it is written. Milliseconds, default 1000. */readonly debounceMs?: number; /** The longest that a change waits while others keep coming. Milliseconds, default 5000. */
    readonly maxWaitMs?: number;
  };
  /** How long cached data is kept, and how much of it; never what waits to be sent. Default: everything. */
  readonly retention?: RetentionOptions;
  /**
   * A cache that apollo3-cache-persist has stored: taken over at the first start, and removed once it is stored here. What lies there is
   * taken for this owner's. Whatever else stands under its key is reported as an event and left alone. Default: none.
   */
  readonly importCache?: PersistedCache;
  /** One storage for both, or one each: the cache may be dropped or shrunk, the outbox never is. Default: localforage. */
  readonly storage?: Storage | {
    readonly outbox: Storage;
    readonly cache: Storage;
  };
  /** Encrypts everything that is stored, outbox and cache, with this owner's key; see `encryptedStorage`. Default: stored in the clear. */
  readonly encryption?: EncryptionKey;
  readonly connectivity?: Connectivity;
  /** The rest of the outside world; tests hold it still. Defaults: the browser's. */
  readonly ports?: {
    readonly clock?: Clock;
    readonly random?: Random;
    readonly locks?: Locks;
    readonly channel?: Channel;
    readonly lifecycle?: Lifecycle;
    readonly persistence?: Persistence;
  };
}
//#endregion
//#region client/outbox/flush-report.d.ts
/** What one attempt to send everything came to. */
interface FlushReport {
  /** Records that got a final answer. */
  readonly sent: number;
  readonly applied: number;
  readonly conflicts: number;
  readonly rejected: number;
  /** Records that still wait, for the network, for time, or for each other. */
  readonly remaining: number;
}
//#endregion
//#region client/outbox/view.d.ts
/** A record as people and components see it: frozen, without what only replay needs. */
interface OutboxRecord {
  readonly id: string;
  readonly state: RecordState;
  /** Whether this device's storage has it, so that a crash would not take it away. False for the milliseconds that writing takes. */
  readonly stored: boolean;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly kind: MutationKind;
  /** Of generated mutations. */
  readonly typename: string | null;
  /** Cache ids that it writes, such as `Todo:1`. */
  readonly entities: readonly string[];
  /** Sends so far. */
  readonly attempts: number;
  /** Milliseconds since the Unix epoch. */
  readonly enqueuedAt: number;
  /** When it is tried again, in milliseconds since the Unix epoch; null: as soon as its turn comes. */
  readonly nextAttemptAt: number | null;
  /** Ids of the records that it waits for. */
  readonly waitingFor: readonly string[];
  /** Why the last attempt failed, or why it is a dead letter. */
  readonly failure: Failure | null;
}
/** What an entity waits for: the most pressing state of the records that write it. `storing`: queued, and still being written to this device. */
type PendingState = (typeof PRESSING)[number];
declare const PRESSING: readonly ["conflict", "dead", "sending", "queued", "storing"];
/** By cache id, of everything that waits; made once for each list, so that a row of a long table costs a look-up. */
/** A parked conflict with its three sides, by input field names. */
interface ConflictRecord {
  /** The mutation record's id. */
  readonly id: string;
  readonly operationName: string;
  readonly kind: MutationKind;
  readonly typename: string;
  readonly entityId: string;
  /** `VERSION_MISMATCH`, `DELETED`, `ALREADY_EXISTS`, `LEASE_HELD` … */
  readonly code: string;
  readonly message: string;
  /** As the editor saw it; fields whose base is unknown are absent. */
  readonly base: Readonly<Record<string, unknown>>;
  /** As the editor left it: the fields that the mutation sets. Of a mutation of which only its variables are known: these. */
  readonly local: Readonly<Record<string, unknown>>;
  /** The whole entity at the server; null when it is gone. */
  readonly remote: Readonly<Record<string, unknown>> | null;
  readonly conflictingFields: readonly string[];
  /** Of `LEASE_HELD`: the lease that stood in the way. */
  readonly lease?: HeldLease;
}
//#endregion
//#region client/sync/delta.d.ts
interface PullReport {
  /** Entities that came, whether they were news or not. */
  readonly changes: number;
  readonly tombstones: number;
  readonly pages: number;
  /** The server could not continue from the checkpoint, or has lost what it told of: everything came again, and what did not come was removed. */
  readonly reset: boolean;
}
//#endregion
//#region client/sync/sync.d.ts
/** Changes made by others, into the cache. Needs a manifest, and a server that has `sync`. */
interface Sync {
  /** Sends what waits, then fetches what changed. Rejects when the server cannot be asked. */
  pull(): Promise<PullReport>;
  /**
   * Pulls now, whenever the network comes back, and from time to time; with `live` also at the server's hint, through the
   * subscription `syncHint` (the link chain must carry subscriptions), which one tab has for all. Calling it again changes the options.
   */
  start(options?: {
    readonly intervalMs?: number;
    readonly live?: boolean;
  }): void;
  stop(): void;
  /** When the last pull ended well, in milliseconds since the Unix epoch; outlives the page. Null: never. */
  lastSyncedAt(): number | null;
  /** Hears of every pull that ended well. `news`: it brought something that other tabs may not have, and did not come from them. */
  subscribe(listener: (news: boolean) => void): Cancel;
}
//#endregion
//#region client/status.d.ts
/** The state of the whole, in one frozen object. */
interface OfflineStatus {
  /** `paused`: nothing is sent, for the reason in `pausedBecause`. */
  readonly connection: 'online' | 'offline' | 'paused';
  /** `user`: by `outbox.pause()`. `unauthenticated`: the server wants a sign-in; then `outbox.resume()`. */
  readonly pausedBecause: 'user' | 'unauthenticated' | null;
  /** Records on their way: queued and being sent. */
  readonly pending: number;
  /** Of those, the ones being sent. */
  readonly sending: number;
  /**
   * Of those, the ones still being written to this device, for some milliseconds: until then a crash would take them away. An app that
   * counts what waits counts the others; one that would rather ask before its page is left asks while this is not 0.
   */
  readonly storing: number;
  /** Conflicts that wait for a person. */
  readonly conflicts: number;
  readonly deadLetters: number;
  /** When this device last got changes from the server. Milliseconds since the Unix epoch; null: never. */
  readonly lastSyncedAt: number | null;
  /** Entities that a pull of several pages has brought into this tab so far: after a long time away, or at the very first start. Null: none is under way. */
  readonly syncing: number | null;
  /**
   * Whether the endpoint is spared: it answered several mutations in a row with failures of its own. `open`: nothing is sent until
   * `nextAttemptAt`; `halfOpen`: one mutation finds out.
   */
  readonly circuit: 'closed' | 'open' | 'halfOpen';
  /** When the next retry is due; null: none is. */
  readonly nextAttemptAt: number | null;
  /** `memory`: storage cannot be used, and nothing survives a reload. */
  readonly storage: 'durable' | 'memory';
  /**
   * Whether the browser has promised not to throw stored data away by itself (`navigator.storage.persist()`); asked for when the first
   * mutation is stored. Null: not asked yet.
   */
  readonly persistent: boolean | null;
  /** Whether this tab sends for all tabs. */
  readonly leader: boolean;
}
/** Something worth logging. Never holds variables, tokens or other people's data. */
interface OfflineEvent {
  readonly code: string;
  readonly message: string;
  /** The record or storage key that it is about. */
  readonly key?: string;
}
//#endregion
//#region client/surface.d.ts
/** The offline layer of one Apollo Client, for one user. */
interface Offline {
  /** The composed chain; put it before the links that authenticate and send. */
  readonly link: ApolloLink;
  /** The same links one by one, for chains with something between them; keep their order. */
  readonly links: {
    readonly outbox: ApolloLink;
    readonly cacheFallback: ApolloLink;
    readonly retry: ApolloLink;
    readonly conflict: ApolloLink;
  };
  /** Restores the cache, then the outbox, then begins to send. Call it once, before rendering. */
  attach(client: ApolloClient): Promise<void>;
  /** Resolves when the mutation is durable; see {@link Ticket}. Rejects with `NOT_DURABLE` and its kin when it is not. */
  mutate<TData = unknown, TVariables extends OperationVariables = OperationVariables>(options: MutateOptions<TVariables>): Promise<Ticket<TData>>;
  /**
   * What the server calls an entity that was created here under a temporary id (`resolveId`); null until it has answered. Known after a
   * reload too: `offline.lookup(id) ?? id` is what a page whose address holds the temporary id asks for.
   */
  lookup(temporaryId: string): string | null;
  readonly status: Observed<OfflineStatus>;
  readonly outbox: {
    records(): readonly OutboxRecord[]; /** What the entity with this cache id (`Todo:1`) waits for: the most pressing state of the records that write it; null: for nothing. */
    stateOf(entity: string): PendingState | null;
    subscribe(listener: () => void): Cancel; /** Sends a dead letter, or a record that waits for its next attempt, now. */
    retry(id: string): Promise<void>; /** Replaces variables (those named; in an input object, all of it). The base and the entity stay. */
    edit(id: string, variables: Readonly<Record<string, unknown>>): Promise<void>; /** What `discard(id)` would take with it. */
    dependents(id: string): readonly OutboxRecord[]; /** Takes a record out for good, and what cannot stand without it; rolls back what they show. */
    discard(id: string): Promise<{
      readonly discarded: readonly string[];
    }>; /** Sends nothing, in every tab, until `resume()`. */
    pause(): void;
    resume(): void; /** Tries everything now; resolves when nothing more can be sent. */
    flush(): Promise<FlushReport>; /** What stands in this owner's outbox and is not sent, because it is damaged, newer than this release, or of somebody else. It stays. */
    quarantined(): readonly QuarantinedRecord[];
  };
  readonly conflicts: {
    records(): readonly ConflictRecord[];
    subscribe(listener: () => void): Cancel; /** One side for all fields, or values by input field name; what merges by itself merges all the same. */
    resolve(id: string, resolution: Resolution): Promise<void>;
  };
  readonly sync: Sync;
  /**
   * Pessimistic editing: asks the server to be the only one who changes this entity. Renewed by itself until it is released; asked for
   * twice on one page it is one lease. Without a network it rejects with `OFFLINE`, with `LEASE_HELD` while another client has it, with
   * `LEASE_REFUSED` where the server gives none. What is edited while it is held carries its fencing token; should the lease be over
   * when that arrives, and somebody else have changed the entity, the edit is a conflict that waits for a person.
   */
  readonly lease: Leases['lease'];
  readonly events: {
    subscribe(listener: (event: OfflineEvent) => void): Cancel;
  };
  /**
   * Ends this user's session here and in the other tabs: memory and the stored cache are cleared. `flush` tries to send first;
   * what cannot be sent stays stored for this owner, as with `keep`. `discard` removes it.
   */
  signOut(options: {
    readonly pending: 'flush' | 'keep' | 'discard';
  }): Promise<void>;
  /** Writes what is unwritten, stops everything, forgets nothing. */
  dispose(): Promise<void>;
}
//#endregion
//#region client/offline.d.ts
/**
 * Makes the offline layer. Nothing is read, sent or shown before `attach`.
 * @throws OfflineError `INVALID_OPTION`, naming the option, what was expected and what came.
 */
declare function createOffline(options: OfflineOptions): Offline;
//#endregion
export { CacheFallbackLink, type CallOptions, type Cancel, type Channel, type Clock, type CompressedFetchOptions, ConflictLink, type ConflictRecord, type ConflictRules, type Connectivity, type EncryptedStorageOptions, type EncryptionKey, type EntityTriple, type ExpiredMutation, type Fallback, type FlushReport, type HeldLease, type Lease, type LeaseOptions, type Lifecycle, type Locks, MANUAL, type MergeContext, type MergeFunction, type MergeStrategy, type MigratedMutation, type Migration, type MutateOptions, type MutationDefaults, type MutationDescription, type MutationKind, type Observed, type Offline, OfflineCache, type OfflineContext, OfflineError, type OfflineErrorCode, type OfflineEvent, type OfflineOptions, type OfflineStatus, OutboxLink, type OutboxRecord, type PendingState, type Persistence, type Priority, type QuarantinedRecord, type Random, type RecordState, type Resolution, type RetentionOptions, RetryLink, type RetryLinkOptions, type Storage, type StoredMutation, type Ticket, clientWins, compressedFetch, counter, createOffline, deriveEncryptionKey, encryptedStorage, fromCachePersist, lastWriteWins, localforageStorage, memoryStorage, observe, serverWins, setUnion, text };