import { ApolloClient, ApolloLink, OperationVariables, TypedDocumentNode } from "@apollo/client";
import { DocumentNode } from "graphql";
import { ReactElement, ReactNode } from "react";

//#region client/errors.d.ts
/** A lease that stands in the way. */
interface HeldLease {
  /** As the application's server names them; null: it does not say. */
  readonly holder: string | null;
  /** The same user holds it, in another tab or on another device. */
  readonly isYours: boolean;
  /** When it ends if it is not renewed: ISO 8601, by the server's clock. */
  readonly expiresAt: string;
}
//#endregion
//#region client/outbox/record.d.ts
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
type Priority = 'high' | 'normal' | 'low';
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
//#region client/ports.d.ts
/**
 * The outside world, as the rest of client/ sees it. Time, chance, storage, locks, messages and the network come in through
 * these interfaces alone, so that a test can hold every one of them still.
 */
/** Undoes a subscription or a timer. Calling it twice is harmless. */
type Cancel = () => void;
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
//#region client/outbox/tickets.d.ts
/** What an operation's records came to, by response key, when all of them are acknowledged. */
interface SettledOperation {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[] | undefined;
  }[];
}
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
//#region client/react/mutation.d.ts
interface OfflineMutationState<TData> {
  /** The last ticket; null before the first call. */
  readonly ticket: Ticket<TData> | null;
  /** Between the call and the moment it is durable: a few milliseconds. */
  readonly saving: boolean;
  /** Why the last call is not durable, or how its mutation failed for good. */
  readonly error: unknown;
}
/**
 * `useMutation` with ticket semantics: the promise resolves when the mutation is durable, offline too, so that a form may close.
 * It rejects only when the write could not be stored; what the server says later comes by `ticket.settled` and `error`.
 */
declare function useOfflineMutation<TData = unknown, TVariables extends OperationVariables = OperationVariables>(mutation: DocumentNode | TypedDocumentNode<TData, TVariables>): readonly [(options: {
  readonly variables: TVariables;
  readonly context?: {
    readonly offline?: CallOptions;
  } & Record<string, unknown>;
}) => Promise<Ticket<TData>>, OfflineMutationState<TData>];
//#endregion
//#region client/conflict/resolve.d.ts
/** How a person settles a parked conflict: one side for all of it, or values by input field name (fields not named: local). */
type Resolution = {
  readonly take: 'local' | 'remote';
} | {
  readonly value: Readonly<Record<string, unknown>>;
};
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
//#region client/observed.d.ts
/** A value that changes. `get()` returns the same reference until it does, so that it fits `useSyncExternalStore` and its like. */
interface Observed<T> {
  get(): T;
  subscribe(listener: () => void): Cancel;
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
//#region client/react/provider.d.ts
/** Makes one {@link Offline} known to the hooks below it. Beside, not instead of, `ApolloProvider`. */
declare function OfflineProvider({
  offline,
  children
}: {
  readonly offline: Offline;
  readonly children?: ReactNode;
}): ReactElement;
/**
 * The provided {@link Offline}.
 * @throws Error outside of an `OfflineProvider`.
 */
declare function useOffline(): Offline;
//#endregion
//#region client/react/status.d.ts
/** Connection, counts and last sync; re-renders when one of them changes. */
declare function useOfflineStatus(): OfflineStatus;
/** Everything in the outbox, in the order made. Snapshots are frozen; an unchanged record keeps its identity. */
declare function useOutbox(): readonly OutboxRecord[];
/** Conflicts that wait for a person. */
declare function useConflicts(): readonly ConflictRecord[];
/**
 * Whether this row waits: the most pressing state of the records that write it, or null. Re-renders only when that changes.
 * Takes an object with `__typename` and `id`, or a cache id such as `Todo:1`.
 */
declare function usePending(entity: {
  readonly __typename?: string | undefined;
  readonly id: string;
} | string): PendingState | null;
//#endregion
export { type OfflineMutationState, OfflineProvider, useConflicts, useOffline, useOfflineMutation, useOfflineStatus, useOutbox, usePending };