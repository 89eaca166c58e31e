import type { ApolloClient, ApolloLink, OperationVariables } from '@apollo/client';
import type { Resolution } from './conflict/resolve.ts';
import type { Control } from './control.ts';
import type { Leases } from './lease/leases.ts';
import type { Observed } from './observed.ts';
import type { FlushReport } from './outbox/flush-report.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { QuarantinedRecord } from './outbox/reader.ts';
import type { ConflictRecord, OutboxRecord, PendingState } from './outbox/view.ts';
import type { Cancel } from './ports.ts';
import type { Session } from './session.ts';
import type { createStatus, OfflineEvent, OfflineStatus } from './status.ts';
import type { Sync } from './sync/sync.ts';
import type { Commands } from './tabs/commands.ts';
import type { MutateOptions, Ticket } from './ticket.ts';

/** The offline layer of one Apollo Client, for one user. */
export interface Offline {
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
  mutate<TData = unknown, TVariables extends OperationVariables = OperationVariables>(
    options: MutateOptions<TVariables>,
  ): Promise<Ticket<TData>>;
  /**
   * What the server calls an entity that was created here under a temporary id (`resolveId`); null until it has answered. Known after a
   * reload too: `offline.lookup(id) ?? id` is what a page whose address holds the temporary id asks for.
   */
  lookup(temporaryId: string): string | null;
  readonly status: Observed<OfflineStatus>;
  readonly outbox: {
    records(): readonly OutboxRecord[];
    /** What the entity with this cache id (`Todo:1`) waits for: the most pressing state of the records that write it; null: for nothing. */
    stateOf(entity: string): PendingState | null;
    subscribe(listener: () => void): Cancel;
    /** Sends a dead letter, or a record that waits for its next attempt, now. */
    retry(id: string): Promise<void>;
    /** Replaces variables (those named; in an input object, all of it). The base and the entity stay. */
    edit(id: string, variables: Readonly<Record<string, unknown>>): Promise<void>;
    /** What `discard(id)` would take with it. */
    dependents(id: string): readonly OutboxRecord[];
    /** Takes a record out for good, and what cannot stand without it; rolls back what they show. */
    discard(id: string): Promise<{ readonly discarded: readonly string[] }>;
    /** Sends nothing, in every tab, until `resume()`. */
    pause(): void;
    resume(): void;
    /** Tries everything now; resolves when nothing more can be sent. */
    flush(): Promise<FlushReport>;
    /** What stands in this owner's outbox and is not sent, because it is damaged, newer than this release, or of somebody else. It stays. */
    quarantined(): readonly QuarantinedRecord[];
  };
  readonly conflicts: {
    records(): readonly ConflictRecord[];
    subscribe(listener: () => void): Cancel;
    /** One side for all fields, or values by input field name; what merges by itself merges all the same. */
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
  readonly events: { subscribe(listener: (event: OfflineEvent) => void): Cancel };
  /**
   * Ends this user's session here and in the other tabs: memory and the stored cache are cleared. `flush` tries to send first;
   * what cannot be sent stays stored for this owner, as with `keep`. `discard` removes it.
   */
  signOut(options: { readonly pending: 'flush' | 'keep' | 'discard' }): Promise<void>;
  /** Writes what is unwritten, stops everything, forgets nothing. */
  dispose(): Promise<void>;
}

/** The parts under the names by which an application calls them. */
export function createSurface(deps: {
  readonly chain: Pick<Offline, 'link' | 'links'>;
  readonly session: Session;
  readonly mutate: Offline['mutate'];
  readonly lookup: Offline['lookup'];
  readonly views: ReturnType<typeof createStatus>;
  readonly control: Control;
  readonly commands: Commands<FlushReport>;
  readonly outbox: Pick<Outbox, 'quarantined'>;
  readonly sync: Sync;
  readonly leases: Leases;
  readonly subscribe: Offline['events']['subscribe'];
}): Offline {
  const { chain, session, mutate, lookup, views, control, commands, outbox, sync, leases, subscribe } = deps;
  return {
    ...chain,
    attach: session.attach,
    mutate,
    lookup,
    status: views.status,
    outbox: {
      ...views.waiting,
      retry: control.retry,
      edit: control.edit,
      dependents: (id) => control.dependents(id).map(views.view),
      discard: control.discard,
      pause: commands.pause,
      resume: commands.resume,
      flush: commands.flush,
      quarantined: outbox.quarantined,
    },
    conflicts: { records: views.conflicts.get, subscribe: views.conflicts.subscribe, resolve: control.resolve },
    sync,
    lease: leases.lease,
    events: { subscribe },
    async signOut({ pending }) {
      if (pending === 'flush') await commands.flush();
      await session.signOut(pending);
    },
    dispose: session.dispose,
  };
}
