/**
 * The directives and shared types of the schema conventions, as SDL. offline.graphql beside this file is the same text for
 * editors and other tools; a test holds the two together.
 */
export const OFFLINE_SDL = `"""
Entities of this type can be created, changed and deleted offline. The server keeps a version per entity and finds conflicts per field.
"""
directive @versioned(
  "How versions of one entity compare."
  by: VersionKind = COUNTER
  "What happens when two people changed one field: the default for fields without @merge."
  merge: MergeStrategy = REPORT
  "Name of the generated list query, where adding an s is wrong: people for Person."
  list: String
) on OBJECT

"How concurrent changes of this field come together."
directive @merge(strategy: MergeStrategy!) on FIELD_DEFINITION

"This field is not stored and stands in no input: a resolver works it out."
directive @computed on FIELD_DEFINITION

"The idempotency key of one mutation root field, for clients that do not send extensions.offline."
directive @idempotent(key: String!) on FIELD

enum VersionKind {
  "An integer that grows by one with each change."
  COUNTER
  "A hybrid logical clock of the server's, as text whose order is that of the changes."
  HYBRID_CLOCK
  "How many changes each write authority has made; two versions may be concurrent."
  VERSION_VECTOR
}

enum MergeStrategy {
  "Nobody is overwritten: the conflict goes back to the client."
  REPORT
  "The later arrival wins."
  CLIENT_WINS
  "The value at the server stays."
  SERVER_WINS
  "The later edit wins, by the hybrid logical clocks of the devices."
  LAST_WRITE_WINS
  "Lists as sets: additions and removals of both sides hold."
  SET_UNION
  "Numbers: what both sides added is added."
  COUNTER
  "Text: changes of different lines, and of different words, both hold. Changes that overlap are a conflict."
  TEXT
}

"The version of one entity: an integer for COUNTER, a string for the other kinds. Only the server makes one."
scalar Version

"An instant as ISO 8601 text in UTC: 2026-05-01T12:00:00.000Z"
scalar DateTime

"A position in the server's history. Opaque: hand it back as it came."
scalar SyncCursor

interface Versioned {
  id: ID!
  "Grows with every change, through delete and recreate too."
  _version: Version!
  "By the server's clock; for display, never for ordering."
  _lastChangedAt: DateTime!
  _deleted: Boolean!
}

"The server has something that the writer had not seen; nothing was written."
interface Conflict {
  code: ConflictCode!
  message: String!
  "The version that the write was made against."
  expectedVersion: Version
  "The version at the server now; rebase onto this one."
  currentVersion: Version
  "Input fields that both sides changed, differently, without a strategy that could merge them."
  conflictingFields: [String!]!
}

enum ConflictCode {
  VERSION_MISMATCH
  DELETED
  ALREADY_EXISTS
  "Somebody else holds the lease of the entity."
  LEASE_HELD
  "The lease that the write was made under is over."
  LEASE_EXPIRED
  "The lease that the write was made under is over, and another one was given since."
  STALE_FENCING_TOKEN
}

"A final no: sending the same write again gets the same answer."
type MutationRejected {
  code: String!
  message: String!
  "Path of the offending part of the input."
  field: [String!]
}

"While it lasts, only its holder changes or deletes the entity."
type Lease {
  typename: String!
  id: ID!
  "An integer, above that of every lease of this entity before. It goes with each write: extensions.offline.mutations.*.lease."
  fencingToken: Float!
  "By the server's clock. Renewed before that, it goes on."
  expiresAt: DateTime!
}

"Somebody else holds the lease."
type LeaseHeld {
  message: String!
  "By the name that the application gives; null where it gives none."
  holder: String
  "It is the caller's own, of another tab or device."
  isYours: Boolean!
  "By the server's clock, unless it is renewed or released."
  expiresAt: DateTime!
}

union LeaseResult = Lease | LeaseHeld | MutationRejected

"What changed since a cursor: one snapshot over all types."
type SyncPage {
  changes: [Versioned!]!
  tombstones: [Tombstone!]!
  "Where the next page begins. Store it together with this page's data, never before it."
  cursor: SyncCursor!
  hasMore: Boolean!
  "The cursor sent was unusable (another epoch, or older than the tombstones): this is a first page; sweep what no page mentions."
  reset: Boolean!
}

type Tombstone {
  typename: String!
  id: ID!
  _version: Version!
  reason: TombstoneReason!
}

enum TombstoneReason {
  DELETED
  "Still there, but not for this reader."
  OUT_OF_SCOPE
}

"There is something after this cursor. Carries no data: the pull does."
type SyncHint {
  cursor: SyncCursor!
}

enum OrderDirection {
  ASC
  DESC
}

type PageInfo {
  hasNextPage: Boolean!
  "Goes into after. Null on an empty page."
  endCursor: String
}
`;
