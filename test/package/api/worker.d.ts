import { DocumentNode } from "graphql";
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
//#endregion
//#region client/outbox/record.d.ts
type MutationKind = 'create' | 'update' | 'delete' | 'custom';
//#endregion
//#region schema/merge.d.ts
/**
 * The three-way merge, per field and deep, used by both halves: the server merges what has a strategy, the client merges
 * the conflicts that come back, and both must agree.
 */
type MergeStrategy = 'REPORT' | 'CLIENT_WINS' | 'SERVER_WINS' | 'LAST_WRITE_WINS' | 'SET_UNION' | 'COUNTER' | 'TEXT';
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
//#region schema/version.d.ts
/** Versions: how two states of one entity relate. */
type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';
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
//#region client/adapters/area.d.ts
/** The two places where one owner's data stands. The cache may be dropped at any time; the outbox is sacred. */
interface Areas {
  readonly outbox: Storage;
  readonly cache: Storage;
}
//#endregion
//#region client/replay/document-batch.d.ts
interface BatchLimits {
  /** Records in one document. */
  readonly maxCount: number;
  /** Bytes of their documents and variables, before links add to them. */
  readonly maxBytes: number;
}
//#endregion
//#region client/worker/options.d.ts
/** The same as in `createOffline` where the names are the same: the worker sends what the tabs have stored, as they would. */
interface BackgroundOptions {
  /** The GraphQL endpoint. Default `/graphql`. */
  readonly endpoint?: string;
  /**
   * Headers of one request, asked for at the moment of sending; nothing of them is stored. `null`: this owner is not signed in any
   * more, and nothing is sent. Without it a request carries the cookies of its origin alone.
   */
  readonly headers?: (of: {
    readonly owner: string | null;
  }) => HeadersInit | null | Promise<HeadersInit | null>;
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
  readonly encryption?: (of: {
    readonly owner: string | null;
  }) => EncryptionKey | null | Promise<EncryptionKey | null>;
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
  readonly onEvent?: (event: {
    readonly code: string;
    readonly message: string;
    readonly key?: string;
  }) => void;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** The rest of the outside world; tests hold it still. Defaults: the browser's. */
  readonly ports?: {
    readonly clock?: Clock;
    readonly random?: Random;
    readonly locks?: Locks;
    readonly channel?: Channel;
  };
}
//#endregion
//#region client/worker/turn.d.ts
/** Why nothing is done here, or nothing more. */
type Left = 'nobody' | 'paused' | 'elsewhere' | 'unreachable' | 'unauthenticated';
//#endregion
//#region client/worker/pull-ahead.d.ts
/** What others have changed, as far as it was fetched with no tab open; or why it was not. */
interface PullAheadReport {
  /** Entities and tombstones that were fetched and kept by this call. */
  readonly changes: number;
  readonly tombstones: number;
  readonly pages: number;
  /**
   * `pulled`: there is nothing more. `full`: there is, and no room for it until a tab takes in what is kept. `left`: to the next tab,
   * because nothing has been pulled yet, the schema is another one, or the server does not go on from where the last pull ended.
   * The others as in {@link BackgroundReport}.
   */
  readonly ended: 'pulled' | 'full' | 'left' | Left;
}
/**
 * Fetches what others have changed since the last pull of whoever is signed in, and keeps it beside the stored cache: the next tab
 * takes it in as if it had just been pulled, with or without a network. Page by page, so that whatever ends it loses nothing; in the
 * same line as the tabs, so that it never runs beside one. Only goes on from where a tab has been: the first pull is a tab's.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
declare function pullAhead(options?: BackgroundOptions): Promise<PullAheadReport>;
//#endregion
//#region client/worker/drain-outbox.d.ts
/** What was sent with no tab open, or why nothing was. */
interface BackgroundReport extends FlushReport {
  /**
   * `drained`: everything that could be sent was. `nobody`: no one is signed in. `paused`: sending was switched off. `elsewhere`: a
   * tab sends, or has taken over. `unreachable`: the network or the server is not there. `unauthenticated`: the server wants a sign-in.
   */
  readonly ended: 'drained' | Left;
  /** Of a `periodicsync` event, once everything was sent: what others have changed. */
  readonly pulled?: PullAheadReport;
}
/**
 * Sends the outbox of whoever is signed in, from where there is no tab: a service worker, a background task. It stands in the same
 * line as the tabs, so that never two send at once, and lets go when a tab is opened. What was acknowledged is stored with its
 * result, for the cache of the next tab; conflicts merge by the same rules, or are parked for a person.
 *
 * One attempt at everything: what the network or the server refuses for now waits for the next call.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
declare function drainOutbox(options?: BackgroundOptions): Promise<BackgroundReport>;
//#endregion
//#region client/worker/background-sync.d.ts
/** A `sync` or `periodicsync` event, of which TypeScript's libraries know nothing yet. */
interface BackgroundSyncEvent {
  readonly tag: string;
  /** `sync` or `periodicsync`. */
  readonly type?: string;
  waitUntil(work: Promise<unknown>): void;
}
/**
 * In the service worker, as listener of `sync` and of `periodicsync`: drains the outbox with no tab open, see {@link drainOutbox}. At
 * `periodicsync` it then fetches what others have changed, see {@link pullAhead}.
 * Events with another tag are somebody else's: `null`. The event fails, so that the browser fires it again later, while something is
 * left that may be sent then: the network was gone, or a tab had it in hand that may not live. What waits for a sign-in is left to
 * the next tab.
 */
declare function handleBackgroundSync(event: BackgroundSyncEvent, options?: BackgroundOptions): Promise<BackgroundReport> | null;
//#endregion
//#region client/worker/pending-count.d.ts
interface PendingCountOptions {
  /** Whose outbox: the same as in `createOffline`. */
  readonly owner: string | null;
  /** The same as in `createOffline`. Default: localforage. */
  readonly storage?: Storage | Areas;
  /** The same as in `createOffline`. */
  readonly encryption?: EncryptionKey;
}
/**
 * How many mutations of `owner` wait to be sent, read from storage alone: for a badge on the app's icon, or a notice from a
 * service worker, with no tab open. Conflicts and dead letters wait for a person, not for the network, and do not count. It reads
 * and never writes, needs no Apollo Client, and is where sending from a service worker begins.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
declare function pendingCount({
  owner,
  storage,
  encryption
}: PendingCountOptions): Promise<number>;
//#endregion
//#region client/observed.d.ts
/** A value that changes. `get()` returns the same reference until it does, so that it fits `useSyncExternalStore` and its like. */
interface Observed<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
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
//#endregion
//#region client/worker/register.d.ts
interface BackgroundSyncOptions {
  /** Default: the one that controls this page, as soon as there is one. */
  readonly registration?: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration>;
  /**
   * How often the browser may look at the outbox, and for what others have changed, by itself, at the most, in milliseconds.
   * Default 12 hours. `null`: not at all.
   */
  readonly periodMs?: number | null;
}
/** What the platform granted. */
interface BackgroundSync {
  /** Sends once the network is back, with no tab open. Chromium. */
  readonly sync: boolean;
  /** Looks now and then, of installed apps. Chromium. */
  readonly periodicSync: boolean;
  /** Ends the arrangement with this page; the browser keeps what it was asked for before. */
  stop(): void;
}
/**
 * In the page, once it is attached: asks the browser to wake the service worker when something waits and this tab may not live to
 * send it, that is while there is no connection, and when the page is hidden. Where the platform has no background sync, or does not
 * grant it, nothing is lost: the outbox is sent at the next start. Never rejects.
 */
declare function registerBackgroundSync(offline: {
  readonly status: Observed<Pick<OfflineStatus, 'connection' | 'pending'>>;
}, {
  registration,
  periodMs
}?: BackgroundSyncOptions): Promise<BackgroundSync>;
//#endregion
export { type BackgroundOptions, type BackgroundReport, type BackgroundSync, type BackgroundSyncEvent, type BackgroundSyncOptions, type PendingCountOptions, type PullAheadReport, drainOutbox, handleBackgroundSync, pendingCount, pullAhead, registerBackgroundSync };