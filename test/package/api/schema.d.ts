import { DocumentNode, GraphQLSchema } from "graphql";

//#region schema/ast.d.ts
/** A schema in any of its forms: SDL text, parsed SDL, several of them, or executable (built from SDL, so that its directives are there). */
type SchemaSource = string | DocumentNode | GraphQLSchema | readonly (string | DocumentNode)[];
//#endregion
//#region schema/codegen-plugin.d.ts
/**
 * A plugin of GraphQL Code Generator, under the name that it demands: writes the manifest that `createOffline({ manifest })` takes.
 *
 * ```ts
 * generates: { 'src/generated/offline.ts': { plugins: ['farside/schema'] } }
 * ```
 *
 * The schema must be the expanded one: that of the running server, or `print(expandSchema(sdl).document)` of the annotated SDL.
 */
declare function plugin(schema: GraphQLSchema): {
  readonly prepend: string[];
  readonly content: string;
};
//#endregion
//#region schema/problem.d.ts
/** One thing that a schema does against the conventions of PROTOCOL.md. */
interface Problem {
  readonly type: string;
  /** `null` when it is about the type as a whole. */
  readonly field: string | null;
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}
/** One line per problem, for error messages and logs. */
declare function describeProblem({
  type,
  field,
  message,
  fix
}: Problem): string;
/** A schema that breaks the conventions: `problems` names type, field and fix of each breach. */
declare class SchemaError extends Error {
  readonly code = "BAD_SCHEMA";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]);
}
//#endregion
//#region schema/conventions.d.ts
/**
 * Checks a schema against the conventions of PROTOCOL.md: annotated SDL before it is expanded, or an executable schema,
 * written by hand or not. An empty list: the client can work with all of it.
 * @throws GraphQLError when SDL does not parse.
 */
declare function lintConventions(source: SchemaSource): readonly Problem[];
//#endregion
//#region schema/equal.d.ts
/**
 * Deep equality of JSON values. `false`, `0`, `""`, `null` and `[]` are values like any other; only `undefined` is "no value".
 * Object key order does not count, list order does.
 */
declare function equal(a: unknown, b: unknown): boolean;
//#endregion
//#region schema/merge.d.ts
/**
 * The three-way merge, per field and deep, used by both halves: the server merges what has a strategy, the client merges
 * the conflicts that come back, and both must agree.
 */
type MergeStrategy = 'REPORT' | 'CLIENT_WINS' | 'SERVER_WINS' | 'LAST_WRITE_WINS' | 'SET_UNION' | 'COUNTER' | 'TEXT';
/** The strategies that this release carries out; createOfflineSchema refuses a schema that asks for another. */
declare const SUPPORTED_STRATEGIES: readonly MergeStrategy[];
/** What a strategy answers when a person has to choose. */
declare const MANUAL: unique symbol;
/** What a strategy answers when what it decides by is not known here, but is at the server. */
declare const DEFERRED: unique symbol;
/** The three-way merge of text; `null`: the changes overlap. */
type TextMerge = (base: string, local: string, remote: string) => string | null;
/** What some strategies decide by. Without it they answer {@link DEFERRED}. */
interface MergeKnowledge {
  readonly mergeText?: TextMerge;
  /** Hybrid clocks of the edits. `remote: null`: from before clocks were kept. */
  readonly clocks?: {
    readonly local: string;
    readonly remote: string | null;
  };
}
/** One field of the three states. `undefined` means unknown (base) or absent; every other value, falsy ones included, is a value. */
interface Triple {
  /** As the editor saw it. */
  readonly base: unknown;
  /** As the editor left it. */
  readonly local: unknown;
  /** As the server has it now. */
  readonly remote: unknown;
}
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
interface Merged {
  /** The value of every field of `local` after the merge; conflicting fields keep the remote value. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Fields that somebody else had changed, to something other than local: what stands now is not this editor's change alone. */
  readonly mergedFields: readonly string[];
  /** Fields that only a person can decide. */
  readonly conflictingFields: readonly string[];
  /** Fields that the server will decide; they keep the local value until it has. */
  readonly deferredFields: readonly string[];
}
interface MergeInput extends EntityTriple {
  readonly typename: string;
  readonly ruleOf: (field: string) => MergeStrategy | MergeFunction;
  readonly knowledgeOf?: (field: string) => MergeKnowledge;
}
/**
 * Merges the fields that `local` sets. Fields that it does not set are none of its business and stay remote.
 * `ruleOf` names the strategy of a field, or gives a function of the application's own.
 */
declare function mergeFields({
  typename,
  base,
  local,
  remote,
  ruleOf,
  knowledgeOf
}: MergeInput): Merged;
/** One field by a named strategy. Only where both sides changed, and differently, does the strategy speak. */
declare function mergeField(strategy: MergeStrategy, triple: Triple, knowledge?: MergeKnowledge): unknown;
//#endregion
//#region schema/version.d.ts
/** Versions: how two states of one entity relate. */
type VersionKind = 'COUNTER' | 'HYBRID_CLOCK' | 'VERSION_VECTOR';
/** COUNTER: an integer ≥ 1. The other kinds: strings. 0, of every kind: not yet at the server. */
type Version = number | string;
type VersionOrder = 'before' | 'after' | 'equal' | 'concurrent';
/** The version kinds that this release can store and compare. */
declare const SUPPORTED_VERSION_KINDS: readonly VersionKind[];
/** Who makes a version, and when. */
interface VersionMaker {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The server, or servers on one database, among those that write independently: 1 to 32 letters, digits and `_`, a letter first. */
  readonly authority: string;
}
/**
 * How `a` relates to `b`. Only VERSION_VECTOR can answer `concurrent`.
 * @throws TypeError on a value that is no version of that kind.
 */
declare function compareVersions(kind: VersionKind, a: Version, b: Version): VersionOrder;
/**
 * The version after `current`; `null` for an entity that never existed. Continues through deletes: a tombstone's version counts.
 * It comes after `current` whatever the clock says.
 */
declare function nextVersion(kind: VersionKind, current: Version | null, maker: VersionMaker): Version;
/** Whether an untrusted value has the form of a version of this kind. */
declare function isVersion(kind: VersionKind, value: unknown): value is Version;
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
//#region schema/protocol.d.ts
/**
 * The only spelling of every name, code and shape that crosses the wire.
 * PROTOCOL.md beside this file is the normative text; test/schema/protocol.test.ts pins both by hash.
 */
/** Raised when a message changes shape or meaning; each raise adds a line to the history in PROTOCOL.md. */
declare const PROTOCOL_VERSION = 1;
/** Key under `extensions`, of requests and of responses. */
declare const EXTENSION = "offline";
/** What a write carries besides its input: one entry per mutation root field, by response key. */
interface MutationEntry {
  /** Integer ≥ 1, strictly increasing per `clientId`. With it: the idempotency key of this field. */
  readonly id: number;
  /** Values of the written fields as the editor saw them, by input field name. Absent: unknown. */
  readonly base?: Readonly<Record<string, unknown>>;
  /** Hybrid logical clock at the edit: decides fields with LAST_WRITE_WINS. Absent: the time of arrival. */
  readonly clock?: string;
  /** Fencing token of the lease that the write was made under. */
  readonly lease?: number;
}
/** `extensions.offline` of a request. */
interface OfflineRequest {
  readonly protocol: number;
  /** One per tab session: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  readonly clientId: string;
  /** Every mutation id ≤ this one is settled at the client: the server may forget their results. 0: none. */
  readonly ackedThrough: number;
  /** Clients with nothing left to send: all their results may be forgotten. */
  readonly retired?: readonly string[];
  readonly mutations: Readonly<Record<string, MutationEntry>>;
}
/** How one mutation root field ended at the server. `duplicate`: the stored answer of an earlier delivery, byte-equal. */
type FieldOutcome = 'applied' | 'duplicate' | 'conflict' | 'rejected';
/** `extensions.offline` of a response. */
interface OfflineResponse {
  readonly protocol: number;
  /** By response key. A field that failed without consuming its id (an internal error) has no entry. */
  readonly mutations: Readonly<Record<string, {
    readonly outcome: FieldOutcome;
  }>>;
  /** Milliseconds since the Unix epoch. */
  readonly serverTime: number;
  /** Changes when the server's history is not a continuation of what clients have seen (a restored backup). */
  readonly epoch: string;
}
/** Stable `errors[].extensions.code` values. Clients branch on these, never on message text. */
declare const ErrorCode: {
  readonly UNAUTHENTICATED: "UNAUTHENTICATED";
  readonly FORBIDDEN: "FORBIDDEN";
  readonly BAD_USER_INPUT: "BAD_USER_INPUT"; /** A reference names an entity that is not there, was deleted, or may not be read. */
  readonly REFERENCE_NOT_FOUND: "REFERENCE_NOT_FOUND";
  readonly INTERNAL_SERVER_ERROR: "INTERNAL_SERVER_ERROR"; /** The errors profile: a conflict in `extensions.conflict` for schemas without result unions. */
  readonly CONFLICT: "CONFLICT"; /** The extension is not of the form of {@link OfflineRequest}. */
  readonly BAD_OFFLINE_EXTENSION: "BAD_OFFLINE_EXTENSION"; /** The server does not speak this PROTOCOL_VERSION. */
  readonly UNSUPPORTED_PROTOCOL: "UNSUPPORTED_PROTOCOL"; /** The same (clientId, mutation id) came earlier with another field or arguments: a cloned store. */
  readonly IDEMPOTENCY_KEY_REUSED: "IDEMPOTENCY_KEY_REUSED"; /** The id is at or below the acknowledged watermark: its result is forgotten, and it will not run again. */
  readonly ALREADY_ACKNOWLEDGED: "ALREADY_ACKNOWLEDGED"; /** Too many results wait for `ackedThrough`. Retryable once the client acknowledges. */
  readonly TOO_MANY_UNACKNOWLEDGED: "TOO_MANY_UNACKNOWLEDGED"; /** The user holds as many leases as the server gives one user. */
  readonly TOO_MANY_LEASES: "TOO_MANY_LEASES"; /** The cursor is not one of ours. (An outdated one is answered with `reset: true` instead.) */
  readonly BAD_CURSOR: "BAD_CURSOR";
};
type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];
declare const ConflictCode: {
  readonly VERSION_MISMATCH: "VERSION_MISMATCH";
  readonly DELETED: "DELETED";
  readonly ALREADY_EXISTS: "ALREADY_EXISTS";
  readonly LEASE_HELD: "LEASE_HELD";
  readonly LEASE_EXPIRED: "LEASE_EXPIRED";
  readonly STALE_FENCING_TOKEN: "STALE_FENCING_TOKEN";
};
type ConflictCode = (typeof ConflictCode)[keyof typeof ConflictCode];
type TombstoneReason = 'DELETED' | 'OUT_OF_SCOPE';
/** Fields that every versioned type has besides its own. */
declare const VERSIONED_FIELDS: readonly ["id", "_version", "_lastChangedAt", "_deleted"];
/** What a client may send in one request; more is BAD_OFFLINE_EXTENSION. */
declare const RequestLimits: {
  readonly mutations: 500;
  readonly retired: 100;
  readonly clientIdLength: 64;
};
/** Names of what is generated for a type. */
type GeneratedNames = ReturnType<typeof generatedNames>;
/** Names of the generated SDL, from a type name. `Todo` → `createTodo`, `todo`, `todos`, `TodoFilter`, … */
declare function generatedNames(typename: string, list?: string): {
  readonly entity: string;
  readonly list: string;
  readonly create: `create${string}`;
  readonly update: `update${string}`;
  readonly delete: `delete${string}`;
  readonly conflict: `${string}Conflict`;
  readonly connection: `${string}Connection`;
  readonly filter: `${string}Filter`;
  readonly order: `${string}Order`;
};
/** Why {@link parseOfflineRequest} refused. */
interface ParseFailure {
  readonly code: 'BAD_OFFLINE_EXTENSION' | 'UNSUPPORTED_PROTOCOL';
  readonly message: string;
}
/**
 * Reads `extensions.offline` of a request from an untrusted source.
 * Returns the typed value, or the failure that the client is told. Unknown members are ignored: a newer client may add some.
 */
declare function parseOfflineRequest(value: unknown): {
  readonly ok: true;
  readonly request: OfflineRequest;
} | {
  readonly ok: false;
  readonly failure: ParseFailure;
};
//#endregion
//#region schema/generated-sdl.d.ts
/** How many rows a list query gives when nobody says. At most {@link MAX_PAGE_SIZE}. */
declare const DEFAULT_PAGE_SIZE = 100;
declare const MAX_PAGE_SIZE = 1000;
/** How many changes one sync page holds when nobody says. At most {@link MAX_PAGE_SIZE}. */
declare const DEFAULT_SYNC_LIMIT = 500;
/** How a write that did not take place is answered: as another member of a result union, or as an error (the errors profile). */
type ConflictProfile = 'union' | 'errors';
/** `updateTodo` → `UpdateTodoInput`, `UpdateTodoResult`, `UpdateTodoPayload`. */
declare const inputName: (mutation: string) => string;
declare const resultName: (mutation: string) => string;
declare const payloadName: (mutation: string) => string;
//#endregion
//#region schema/types.d.ts
interface VersionedTypes {
  /** What the store keeps and the client knows, by type name. */
  readonly types: Readonly<Record<string, ManifestType>>;
  /** Names of what is generated for each type. */
  readonly names: Readonly<Record<string, GeneratedNames>>;
  /** Output fields that only a hand-written resolver can answer, by type name. */
  readonly computed: Readonly<Record<string, readonly string[]>>;
  /** When not empty, the rest is not to be used. */
  readonly problems: readonly Problem[];
}
/**
 * Reads the `@versioned` types of a schema: annotated SDL, expanded SDL and the executable schema give the same.
 * What is wrong is returned as `problems`; only SDL that does not parse throws (graphql's GraphQLError).
 */
declare function readVersionedTypes(source: SchemaSource): VersionedTypes;
//#endregion
//#region schema/expand.d.ts
interface ExpandedSchema extends VersionedTypes {
  /** The whole schema as SDL: the shared types, the application's own, and what is generated for each `@versioned` type. */
  readonly document: DocumentNode;
}
/**
 * Annotated SDL → the schema that clients see. The same code stands behind createOfflineSchema and code generation, so that
 * generated types and the running server cannot differ.
 *
 * `source` must not be an executable schema: that one is expanded already. `conflicts: 'errors'`: a schema without unions, whose
 * conflicts and refusals are GraphQL errors; default `'union'`.
 * @throws SchemaError with every problem found.
 */
declare function expandSchema(source: Exclude<SchemaSource, GraphQLSchema>, {
  conflicts
}?: {
  readonly conflicts?: ConflictProfile;
}): ExpandedSchema;
//#endregion
//#region schema/hybrid-clock.d.ts
/** Whether an untrusted value is a hybrid clock. */
declare function isHybridClock(value: unknown): value is string;
/**
 * The clock of the next event: after `last` whatever the time says, and not before `now` (milliseconds since the Unix epoch).
 * The count rises by one with each event, so that it also tells whether one clock follows directly on another.
 */
declare function tick(last: string | null, now: number, who: string): string;
/**
 * A clock from elsewhere, held against one's own: ahead by more than `toleranceMs` becomes the time of its arrival, so that a
 * device from 2099 does not win for ever. One from the past is left alone: an edit made offline is as old as it says.
 */
declare function clampClock(clock: string, now: number, toleranceMs: number): string;
//#endregion
//#region schema/list.d.ts
/**
 * The meaning of filter and order of generated lists, once: the server's SQL is tested against it, the in-memory store and
 * the client's cached lists run it.
 */
/** One field's condition. All operators given must hold. `contains`: substring, case-insensitive, or membership for lists. */
interface Condition {
  readonly eq?: unknown;
  readonly ne?: unknown;
  readonly in?: readonly unknown[] | null;
  readonly lt?: unknown;
  readonly lte?: unknown;
  readonly gt?: unknown;
  readonly gte?: unknown;
  readonly contains?: unknown;
}
/** Conditions by input field name (`siteId`, not `site`); all must hold. `and` / `or` / `not` nest. */
interface Filter {
  readonly and?: readonly Filter[] | null;
  readonly or?: readonly Filter[] | null;
  readonly not?: Filter | null;
  readonly [field: string]: unknown;
}
type OrderDirection = 'ASC' | 'DESC';
interface Order {
  readonly field: string;
  readonly direction?: OrderDirection | null;
}
declare const FILTER_OPERATORS: readonly ["eq", "ne", "in", "lt", "lte", "gt", "gte", "contains"];
/** How deep `and` / `or` / `not` may nest; deeper is bad input. */
declare const MAX_FILTER_DEPTH = 5;
/** Reads one field of a row, by input field name; `undefined` when the reader does not know it. */
type ReadField = (field: string) => unknown;
/**
 * Whether a row passes. `null` when a needed field is unknown, so that a cache can say "I cannot know".
 * As in SQL with explicit nulls: `eq: null` finds nulls, `ne: x` finds nulls too, comparisons never match null.
 */
declare function matches(filter: Filter | null | undefined, read: ReadField): boolean | null;
/** Orders rows: by each key in turn, nulls first, ties by id, so that the order is total. Strings compare by code point. */
declare function compareRows(order: readonly Order[] | null | undefined, a: ReadField, b: ReadField): number;
//#endregion
//#region schema/offline-manifest.d.ts
/**
 * Reads the manifest out of an executable schema made from SDL: by createOfflineSchema, or by hand in the same conventions.
 * Mutations and queries that do not follow them are left out; the client treats those as `custom`.
 * @throws SchemaError when a `@versioned` type breaks the conventions.
 */
declare function offlineManifest(schema: GraphQLSchema): OfflineManifest;
//#endregion
//#region schema/offline-sdl.d.ts
/**
 * The directives and shared types of the schema conventions, as SDL. offline.graphql beside this file is the same text for
 * editors and other tools; a test holds the two together.
 */
declare const OFFLINE_SDL = "\"\"\"\nEntities of this type can be created, changed and deleted offline. The server keeps a version per entity and finds conflicts per field.\n\"\"\"\ndirective @versioned(\n  \"How versions of one entity compare.\"\n  by: VersionKind = COUNTER\n  \"What happens when two people changed one field: the default for fields without @merge.\"\n  merge: MergeStrategy = REPORT\n  \"Name of the generated list query, where adding an s is wrong: people for Person.\"\n  list: String\n) on OBJECT\n\n\"How concurrent changes of this field come together.\"\ndirective @merge(strategy: MergeStrategy!) on FIELD_DEFINITION\n\n\"This field is not stored and stands in no input: a resolver works it out.\"\ndirective @computed on FIELD_DEFINITION\n\n\"The idempotency key of one mutation root field, for clients that do not send extensions.offline.\"\ndirective @idempotent(key: String!) on FIELD\n\nenum VersionKind {\n  \"An integer that grows by one with each change.\"\n  COUNTER\n  \"A hybrid logical clock of the server's, as text whose order is that of the changes.\"\n  HYBRID_CLOCK\n  \"How many changes each write authority has made; two versions may be concurrent.\"\n  VERSION_VECTOR\n}\n\nenum MergeStrategy {\n  \"Nobody is overwritten: the conflict goes back to the client.\"\n  REPORT\n  \"The later arrival wins.\"\n  CLIENT_WINS\n  \"The value at the server stays.\"\n  SERVER_WINS\n  \"The later edit wins, by the hybrid logical clocks of the devices.\"\n  LAST_WRITE_WINS\n  \"Lists as sets: additions and removals of both sides hold.\"\n  SET_UNION\n  \"Numbers: what both sides added is added.\"\n  COUNTER\n  \"Text: changes of different lines, and of different words, both hold. Changes that overlap are a conflict.\"\n  TEXT\n}\n\n\"The version of one entity: an integer for COUNTER, a string for the other kinds. Only the server makes one.\"\nscalar Version\n\n\"An instant as ISO 8601 text in UTC: 2026-05-01T12:00:00.000Z\"\nscalar DateTime\n\n\"A position in the server's history. Opaque: hand it back as it came.\"\nscalar SyncCursor\n\ninterface Versioned {\n  id: ID!\n  \"Grows with every change, through delete and recreate too.\"\n  _version: Version!\n  \"By the server's clock; for display, never for ordering.\"\n  _lastChangedAt: DateTime!\n  _deleted: Boolean!\n}\n\n\"The server has something that the writer had not seen; nothing was written.\"\ninterface Conflict {\n  code: ConflictCode!\n  message: String!\n  \"The version that the write was made against.\"\n  expectedVersion: Version\n  \"The version at the server now; rebase onto this one.\"\n  currentVersion: Version\n  \"Input fields that both sides changed, differently, without a strategy that could merge them.\"\n  conflictingFields: [String!]!\n}\n\nenum ConflictCode {\n  VERSION_MISMATCH\n  DELETED\n  ALREADY_EXISTS\n  \"Somebody else holds the lease of the entity.\"\n  LEASE_HELD\n  \"The lease that the write was made under is over.\"\n  LEASE_EXPIRED\n  \"The lease that the write was made under is over, and another one was given since.\"\n  STALE_FENCING_TOKEN\n}\n\n\"A final no: sending the same write again gets the same answer.\"\ntype MutationRejected {\n  code: String!\n  message: String!\n  \"Path of the offending part of the input.\"\n  field: [String!]\n}\n\n\"While it lasts, only its holder changes or deletes the entity.\"\ntype Lease {\n  typename: String!\n  id: ID!\n  \"An integer, above that of every lease of this entity before. It goes with each write: extensions.offline.mutations.*.lease.\"\n  fencingToken: Float!\n  \"By the server's clock. Renewed before that, it goes on.\"\n  expiresAt: DateTime!\n}\n\n\"Somebody else holds the lease.\"\ntype LeaseHeld {\n  message: String!\n  \"By the name that the application gives; null where it gives none.\"\n  holder: String\n  \"It is the caller's own, of another tab or device.\"\n  isYours: Boolean!\n  \"By the server's clock, unless it is renewed or released.\"\n  expiresAt: DateTime!\n}\n\nunion LeaseResult = Lease | LeaseHeld | MutationRejected\n\n\"What changed since a cursor: one snapshot over all types.\"\ntype SyncPage {\n  changes: [Versioned!]!\n  tombstones: [Tombstone!]!\n  \"Where the next page begins. Store it together with this page's data, never before it.\"\n  cursor: SyncCursor!\n  hasMore: Boolean!\n  \"The cursor sent was unusable (another epoch, or older than the tombstones): this is a first page; sweep what no page mentions.\"\n  reset: Boolean!\n}\n\ntype Tombstone {\n  typename: String!\n  id: ID!\n  _version: Version!\n  reason: TombstoneReason!\n}\n\nenum TombstoneReason {\n  DELETED\n  \"Still there, but not for this reader.\"\n  OUT_OF_SCOPE\n}\n\n\"There is something after this cursor. Carries no data: the pull does.\"\ntype SyncHint {\n  cursor: SyncCursor!\n}\n\nenum OrderDirection {\n  ASC\n  DESC\n}\n\ntype PageInfo {\n  hasNextPage: Boolean!\n  \"Goes into after. Null on an empty page.\"\n  endCursor: String\n}\n";
//#endregion
//#region schema/text-merge.d.ts
/**
 * Both sides' changes of one text: by lines, and where both changed the same lines, by words. `null` where they overlap: no marker
 * ever stands in the text.
 */
declare function mergeText(base: string, local: string, remote: string): string | null;
//#endregion
export { type Condition, ConflictCode, type ConflictProfile, type ConflictRules, DEFAULT_PAGE_SIZE, DEFAULT_SYNC_LIMIT, DEFERRED, EXTENSION, type EntityTriple, ErrorCode, type ExpandedSchema, FILTER_OPERATORS, type FieldOutcome, type Filter, type GeneratedNames, MANUAL, MAX_FILTER_DEPTH, MAX_PAGE_SIZE, type ManifestField, type ManifestMutation, type ManifestQuery, type ManifestType, type MergeContext, type MergeFunction, type MergeInput, type MergeKnowledge, type MergeStrategy, type Merged, type MutationEntry, OFFLINE_SDL, type OfflineManifest, type OfflineRequest, type OfflineResponse, type Order, type OrderDirection, PROTOCOL_VERSION, type ParseFailure, type Problem, type ReadField, RequestLimits, SUPPORTED_STRATEGIES, SUPPORTED_VERSION_KINDS, SchemaError, type SchemaSource, type TextMerge, type TombstoneReason, type Triple, VERSIONED_FIELDS, type Version, type VersionKind, type VersionMaker, type VersionOrder, type VersionedTypes, clampClock, compareRows, compareVersions, describeProblem, equal, expandSchema, generatedNames, inputName, isHybridClock, isVersion, lintConventions, matches, mergeField, mergeFields, mergeText, nextVersion, offlineManifest, parseOfflineRequest, payloadName, plugin, readVersionedTypes, resultName, tick };