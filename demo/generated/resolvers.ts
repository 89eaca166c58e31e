import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Row, ConflictResult, Connection, WritePayload, OfflineContext } from 'farside/server';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant as ISO 8601 text in UTC: 2026-05-01T12:00:00.000Z */
  DateTime: { input: string; output: string; }
  /** A position in the server's history. Opaque: hand it back as it came. */
  SyncCursor: { input: string; output: string; }
  /** The version of one entity: an integer for COUNTER, a string for the other kinds. Only the server makes one. */
  Version: { input: number | string; output: number | string; }
};

export type BooleanFilter = {
  readonly eq?: InputMaybe<Scalars['Boolean']['input']>;
  readonly ne?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The server has something that the writer had not seen; nothing was written. */
export type Conflict = {
  readonly code: ConflictCode;
  /** Input fields that both sides changed, differently, without a strategy that could merge them. */
  readonly conflictingFields: ReadonlyArray<Scalars['String']['output']>;
  /** The version at the server now; rebase onto this one. */
  readonly currentVersion?: Maybe<Scalars['Version']['output']>;
  /** The version that the write was made against. */
  readonly expectedVersion?: Maybe<Scalars['Version']['output']>;
  readonly message: Scalars['String']['output'];
};

export type ConflictCode =
  | 'ALREADY_EXISTS'
  | 'DELETED'
  /** The lease that the write was made under is over. */
  | 'LEASE_EXPIRED'
  /** Somebody else holds the lease of the entity. */
  | 'LEASE_HELD'
  /** The lease that the write was made under is over, and another one was given since. */
  | 'STALE_FENCING_TOKEN'
  | 'VERSION_MISMATCH';

export type CreateFindingInput = {
  readonly count: Scalars['Int']['input'];
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  readonly inspectionId: Scalars['ID']['input'];
  readonly resolved: Scalars['Boolean']['input'];
  readonly severity: Severity;
  readonly summary: Scalars['String']['input'];
};

export type CreateFindingPayload = {
  readonly __typename?: 'CreateFindingPayload';
  readonly finding: Finding;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type CreateFindingResult = CreateFindingPayload | FindingConflict | MutationRejected;

export type CreateInspectionInput = {
  readonly dueOn?: InputMaybe<Scalars['DateTime']['input']>;
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  readonly inspector?: InputMaybe<Scalars['String']['input']>;
  readonly notes?: InputMaybe<Scalars['String']['input']>;
  readonly passed?: InputMaybe<Scalars['Boolean']['input']>;
  readonly severity?: InputMaybe<Severity>;
  readonly siteId: Scalars['ID']['input'];
  readonly status: InspectionStatus;
  readonly tags: ReadonlyArray<Scalars['String']['input']>;
  readonly title: Scalars['String']['input'];
  readonly visits: Scalars['Int']['input'];
};

export type CreateInspectionPayload = {
  readonly __typename?: 'CreateInspectionPayload';
  readonly inspection: Inspection;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type CreateInspectionResult = CreateInspectionPayload | InspectionConflict | MutationRejected;

export type CreateSiteInput = {
  readonly address?: InputMaybe<Scalars['String']['input']>;
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  readonly id?: InputMaybe<Scalars['ID']['input']>;
  readonly name: Scalars['String']['input'];
  readonly region: Region;
};

export type CreateSitePayload = {
  readonly __typename?: 'CreateSitePayload';
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
  readonly site: Site;
};

export type CreateSiteResult = CreateSitePayload | MutationRejected | SiteConflict;

export type DateTimeFilter = {
  readonly eq?: InputMaybe<Scalars['DateTime']['input']>;
  readonly gt?: InputMaybe<Scalars['DateTime']['input']>;
  readonly gte?: InputMaybe<Scalars['DateTime']['input']>;
  readonly in?: InputMaybe<ReadonlyArray<Scalars['DateTime']['input']>>;
  readonly lt?: InputMaybe<Scalars['DateTime']['input']>;
  readonly lte?: InputMaybe<Scalars['DateTime']['input']>;
  readonly ne?: InputMaybe<Scalars['DateTime']['input']>;
};

export type DeleteFindingInput = {
  readonly _version: Scalars['Version']['input'];
  readonly id: Scalars['ID']['input'];
};

export type DeleteFindingPayload = {
  readonly __typename?: 'DeleteFindingPayload';
  readonly finding: Finding;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type DeleteFindingResult = DeleteFindingPayload | FindingConflict | MutationRejected;

export type DeleteInspectionInput = {
  readonly _version: Scalars['Version']['input'];
  readonly id: Scalars['ID']['input'];
};

export type DeleteInspectionPayload = {
  readonly __typename?: 'DeleteInspectionPayload';
  readonly inspection: Inspection;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type DeleteInspectionResult = DeleteInspectionPayload | InspectionConflict | MutationRejected;

export type DeleteSiteInput = {
  readonly _version: Scalars['Version']['input'];
  readonly id: Scalars['ID']['input'];
};

export type DeleteSitePayload = {
  readonly __typename?: 'DeleteSitePayload';
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
  readonly site: Site;
};

export type DeleteSiteResult = DeleteSitePayload | MutationRejected | SiteConflict;

/** Something that an inspection found. */
export type Finding = Versioned & {
  readonly __typename?: 'Finding';
  readonly _deleted: Scalars['Boolean']['output'];
  readonly _lastChangedAt: Scalars['DateTime']['output'];
  readonly _version: Scalars['Version']['output'];
  /** How often it was seen; counts made apart add up. */
  readonly count: Scalars['Int']['output'];
  readonly id: Scalars['ID']['output'];
  readonly inspection: Inspection;
  readonly resolved: Scalars['Boolean']['output'];
  readonly severity: Severity;
  readonly summary: Scalars['String']['output'];
};

export type FindingConflict = Conflict & {
  readonly __typename?: 'FindingConflict';
  readonly code: ConflictCode;
  readonly conflictingFields: ReadonlyArray<Scalars['String']['output']>;
  readonly currentVersion?: Maybe<Scalars['Version']['output']>;
  readonly expectedVersion?: Maybe<Scalars['Version']['output']>;
  /** The lease that stands in the way. */
  readonly lease?: Maybe<LeaseHeld>;
  readonly message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  readonly server?: Maybe<Finding>;
};

export type FindingConnection = {
  readonly __typename?: 'FindingConnection';
  readonly nodes: ReadonlyArray<Finding>;
  readonly pageInfo: PageInfo;
  /** Of all pages together. */
  readonly totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type FindingFilter = {
  readonly _lastChangedAt?: InputMaybe<DateTimeFilter>;
  readonly and?: InputMaybe<ReadonlyArray<FindingFilter>>;
  readonly count?: InputMaybe<IntFilter>;
  readonly id?: InputMaybe<IdFilter>;
  readonly inspectionId?: InputMaybe<IdFilter>;
  readonly not?: InputMaybe<FindingFilter>;
  readonly or?: InputMaybe<ReadonlyArray<FindingFilter>>;
  readonly resolved?: InputMaybe<BooleanFilter>;
  readonly severity?: InputMaybe<SeverityFilter>;
  readonly summary?: InputMaybe<StringFilter>;
};

export type FindingOrder = {
  readonly direction?: InputMaybe<OrderDirection>;
  readonly field: FindingOrderField;
};

export type FindingOrderField =
  | '_lastChangedAt'
  | '_version'
  | 'count'
  | 'id'
  | 'inspectionId'
  | 'resolved'
  | 'severity'
  | 'summary';

export type IdFilter = {
  readonly eq?: InputMaybe<Scalars['ID']['input']>;
  readonly in?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly ne?: InputMaybe<Scalars['ID']['input']>;
};

/** One visit plan for one site: what has to be looked at, by whom, and how it went. */
export type Inspection = Versioned & {
  readonly __typename?: 'Inspection';
  readonly _deleted: Scalars['Boolean']['output'];
  readonly _lastChangedAt: Scalars['DateTime']['output'];
  readonly _version: Scalars['Version']['output'];
  readonly dueOn?: Maybe<Scalars['DateTime']['output']>;
  readonly id: Scalars['ID']['output'];
  readonly inspector?: Maybe<Scalars['String']['output']>;
  /** Free text, often long. */
  readonly notes?: Maybe<Scalars['String']['output']>;
  /** Null until somebody has decided. */
  readonly passed?: Maybe<Scalars['Boolean']['output']>;
  readonly severity?: Maybe<Severity>;
  readonly site: Site;
  readonly status: InspectionStatus;
  /** Tags that two people add apart are all kept. */
  readonly tags: ReadonlyArray<Scalars['String']['output']>;
  readonly title: Scalars['String']['output'];
  /** Visits that two people count apart add up. */
  readonly visits: Scalars['Int']['output'];
};

export type InspectionConflict = Conflict & {
  readonly __typename?: 'InspectionConflict';
  readonly code: ConflictCode;
  readonly conflictingFields: ReadonlyArray<Scalars['String']['output']>;
  readonly currentVersion?: Maybe<Scalars['Version']['output']>;
  readonly expectedVersion?: Maybe<Scalars['Version']['output']>;
  /** The lease that stands in the way. */
  readonly lease?: Maybe<LeaseHeld>;
  readonly message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  readonly server?: Maybe<Inspection>;
};

export type InspectionConnection = {
  readonly __typename?: 'InspectionConnection';
  readonly nodes: ReadonlyArray<Inspection>;
  readonly pageInfo: PageInfo;
  /** Of all pages together. */
  readonly totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type InspectionFilter = {
  readonly _lastChangedAt?: InputMaybe<DateTimeFilter>;
  readonly and?: InputMaybe<ReadonlyArray<InspectionFilter>>;
  readonly dueOn?: InputMaybe<DateTimeFilter>;
  readonly id?: InputMaybe<IdFilter>;
  readonly inspector?: InputMaybe<StringFilter>;
  readonly not?: InputMaybe<InspectionFilter>;
  readonly notes?: InputMaybe<StringFilter>;
  readonly or?: InputMaybe<ReadonlyArray<InspectionFilter>>;
  readonly passed?: InputMaybe<BooleanFilter>;
  readonly severity?: InputMaybe<SeverityFilter>;
  readonly siteId?: InputMaybe<IdFilter>;
  readonly status?: InputMaybe<InspectionStatusFilter>;
  readonly tags?: InputMaybe<StringListFilter>;
  readonly title?: InputMaybe<StringFilter>;
  readonly visits?: InputMaybe<IntFilter>;
};

export type InspectionOrder = {
  readonly direction?: InputMaybe<OrderDirection>;
  readonly field: InspectionOrderField;
};

export type InspectionOrderField =
  | '_lastChangedAt'
  | '_version'
  | 'dueOn'
  | 'id'
  | 'inspector'
  | 'notes'
  | 'passed'
  | 'severity'
  | 'siteId'
  | 'status'
  | 'title'
  | 'visits';

export type InspectionStatus =
  | 'DONE'
  | 'IN_PROGRESS'
  | 'OPEN';

export type InspectionStatusFilter = {
  readonly eq?: InputMaybe<InspectionStatus>;
  readonly in?: InputMaybe<ReadonlyArray<InspectionStatus>>;
  readonly ne?: InputMaybe<InspectionStatus>;
};

export type IntFilter = {
  readonly eq?: InputMaybe<Scalars['Int']['input']>;
  readonly gt?: InputMaybe<Scalars['Int']['input']>;
  readonly gte?: InputMaybe<Scalars['Int']['input']>;
  readonly in?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  readonly lt?: InputMaybe<Scalars['Int']['input']>;
  readonly lte?: InputMaybe<Scalars['Int']['input']>;
  readonly ne?: InputMaybe<Scalars['Int']['input']>;
};

/** While it lasts, only its holder changes or deletes the entity. */
export type Lease = {
  readonly __typename?: 'Lease';
  /** By the server's clock. Renewed before that, it goes on. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** An integer, above that of every lease of this entity before. It goes with each write: extensions.offline.mutations.*.lease. */
  readonly fencingToken: Scalars['Float']['output'];
  readonly id: Scalars['ID']['output'];
  readonly typename: Scalars['String']['output'];
};

/** Somebody else holds the lease. */
export type LeaseHeld = {
  readonly __typename?: 'LeaseHeld';
  /** By the server's clock, unless it is renewed or released. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** By the name that the application gives; null where it gives none. */
  readonly holder?: Maybe<Scalars['String']['output']>;
  /** It is the caller's own, of another tab or device. */
  readonly isYours: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
};

export type LeaseResult = Lease | LeaseHeld | MutationRejected;

export type MergeStrategy =
  /** The later arrival wins. */
  | 'CLIENT_WINS'
  /** Numbers: what both sides added is added. */
  | 'COUNTER'
  /** The later edit wins, by the hybrid logical clocks of the devices. */
  | 'LAST_WRITE_WINS'
  /** Nobody is overwritten: the conflict goes back to the client. */
  | 'REPORT'
  /** The value at the server stays. */
  | 'SERVER_WINS'
  /** Lists as sets: additions and removals of both sides hold. */
  | 'SET_UNION'
  /** Text: changes of different lines, and of different words, both hold. Changes that overlap are a conflict. */
  | 'TEXT';

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Asks to be the only one who changes an entity, for so many milliseconds or as many as the server gives. */
  readonly acquireLease?: Maybe<LeaseResult>;
  readonly createFinding?: Maybe<CreateFindingResult>;
  readonly createInspection?: Maybe<CreateInspectionResult>;
  readonly createSite?: Maybe<CreateSiteResult>;
  readonly deleteFinding?: Maybe<DeleteFindingResult>;
  readonly deleteInspection?: Maybe<DeleteInspectionResult>;
  readonly deleteSite?: Maybe<DeleteSiteResult>;
  /** Whether there was anything to release. */
  readonly releaseLease?: Maybe<Scalars['Boolean']['output']>;
  readonly renewLease?: Maybe<LeaseResult>;
  readonly updateFinding?: Maybe<UpdateFindingResult>;
  readonly updateInspection?: Maybe<UpdateInspectionResult>;
  readonly updateSite?: Maybe<UpdateSiteResult>;
};


export type MutationAcquireLeaseArgs = {
  id: Scalars['ID']['input'];
  ttlMs: Scalars['Int']['input'];
  typename: Scalars['String']['input'];
};


export type MutationCreateFindingArgs = {
  input: CreateFindingInput;
};


export type MutationCreateInspectionArgs = {
  input: CreateInspectionInput;
};


export type MutationCreateSiteArgs = {
  input: CreateSiteInput;
};


export type MutationDeleteFindingArgs = {
  input: DeleteFindingInput;
};


export type MutationDeleteInspectionArgs = {
  input: DeleteInspectionInput;
};


export type MutationDeleteSiteArgs = {
  input: DeleteSiteInput;
};


export type MutationReleaseLeaseArgs = {
  fencingToken: Scalars['Float']['input'];
  id: Scalars['ID']['input'];
  typename: Scalars['String']['input'];
};


export type MutationRenewLeaseArgs = {
  fencingToken: Scalars['Float']['input'];
  id: Scalars['ID']['input'];
  ttlMs: Scalars['Int']['input'];
  typename: Scalars['String']['input'];
};


export type MutationUpdateFindingArgs = {
  input: UpdateFindingInput;
};


export type MutationUpdateInspectionArgs = {
  input: UpdateInspectionInput;
};


export type MutationUpdateSiteArgs = {
  input: UpdateSiteInput;
};

/** A final no: sending the same write again gets the same answer. */
export type MutationRejected = {
  readonly __typename?: 'MutationRejected';
  readonly code: Scalars['String']['output'];
  /** Path of the offending part of the input. */
  readonly field?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  readonly message: Scalars['String']['output'];
};

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Goes into after. Null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly hasNextPage: Scalars['Boolean']['output'];
};

export type Query = {
  readonly __typename?: 'Query';
  /** One Finding by id; null when it never was, or is gone. */
  readonly finding?: Maybe<Finding>;
  readonly findings: FindingConnection;
  /** One Inspection by id; null when it never was, or is gone. */
  readonly inspection?: Maybe<Inspection>;
  readonly inspections: InspectionConnection;
  /** One Site by id; null when it never was, or is gone. */
  readonly site?: Maybe<Site>;
  readonly sites: SiteConnection;
  /** What changed since a cursor; everything when there is none. At most 1000 changes a page. */
  readonly sync: SyncPage;
};


export type QueryFindingArgs = {
  id: Scalars['ID']['input'];
};


export type QueryFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<ReadonlyArray<FindingOrder>>;
};


export type QueryInspectionArgs = {
  id: Scalars['ID']['input'];
};


export type QueryInspectionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<InspectionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<ReadonlyArray<InspectionOrder>>;
};


export type QuerySiteArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySitesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SiteFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<ReadonlyArray<SiteOrder>>;
};


export type QuerySyncArgs = {
  limit?: InputMaybe<Scalars['Int']['input']>;
  since?: InputMaybe<Scalars['SyncCursor']['input']>;
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type Region =
  | 'EAST'
  | 'NORTH'
  | 'SOUTH'
  | 'WEST';

export type RegionFilter = {
  readonly eq?: InputMaybe<Region>;
  readonly in?: InputMaybe<ReadonlyArray<Region>>;
  readonly ne?: InputMaybe<Region>;
};

export type Severity =
  | 'CRITICAL'
  | 'HIGH'
  | 'LOW'
  | 'MEDIUM';

export type SeverityFilter = {
  readonly eq?: InputMaybe<Severity>;
  readonly in?: InputMaybe<ReadonlyArray<Severity>>;
  readonly ne?: InputMaybe<Severity>;
};

/** Where inspections happen. */
export type Site = Versioned & {
  readonly __typename?: 'Site';
  readonly _deleted: Scalars['Boolean']['output'];
  readonly _lastChangedAt: Scalars['DateTime']['output'];
  readonly _version: Scalars['Version']['output'];
  readonly address?: Maybe<Scalars['String']['output']>;
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  readonly region: Region;
};

export type SiteConflict = Conflict & {
  readonly __typename?: 'SiteConflict';
  readonly code: ConflictCode;
  readonly conflictingFields: ReadonlyArray<Scalars['String']['output']>;
  readonly currentVersion?: Maybe<Scalars['Version']['output']>;
  readonly expectedVersion?: Maybe<Scalars['Version']['output']>;
  /** The lease that stands in the way. */
  readonly lease?: Maybe<LeaseHeld>;
  readonly message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  readonly server?: Maybe<Site>;
};

export type SiteConnection = {
  readonly __typename?: 'SiteConnection';
  readonly nodes: ReadonlyArray<Site>;
  readonly pageInfo: PageInfo;
  /** Of all pages together. */
  readonly totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type SiteFilter = {
  readonly _lastChangedAt?: InputMaybe<DateTimeFilter>;
  readonly address?: InputMaybe<StringFilter>;
  readonly and?: InputMaybe<ReadonlyArray<SiteFilter>>;
  readonly id?: InputMaybe<IdFilter>;
  readonly name?: InputMaybe<StringFilter>;
  readonly not?: InputMaybe<SiteFilter>;
  readonly or?: InputMaybe<ReadonlyArray<SiteFilter>>;
  readonly region?: InputMaybe<RegionFilter>;
};

export type SiteOrder = {
  readonly direction?: InputMaybe<OrderDirection>;
  readonly field: SiteOrderField;
};

export type SiteOrderField =
  | '_lastChangedAt'
  | '_version'
  | 'address'
  | 'id'
  | 'name'
  | 'region';

export type StringFilter = {
  /** Has this within it, capitals A to Z or not. */
  readonly contains?: InputMaybe<Scalars['String']['input']>;
  readonly eq?: InputMaybe<Scalars['String']['input']>;
  readonly gt?: InputMaybe<Scalars['String']['input']>;
  readonly gte?: InputMaybe<Scalars['String']['input']>;
  readonly in?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly lt?: InputMaybe<Scalars['String']['input']>;
  readonly lte?: InputMaybe<Scalars['String']['input']>;
  readonly ne?: InputMaybe<Scalars['String']['input']>;
};

export type StringListFilter = {
  /** Has this among its items. */
  readonly contains?: InputMaybe<Scalars['String']['input']>;
};

export type Subscription = {
  readonly __typename?: 'Subscription';
  /** Says that there is something to pull. */
  readonly syncHint: SyncHint;
};


export type SubscriptionSyncHintArgs = {
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** There is something after this cursor. Carries no data: the pull does. */
export type SyncHint = {
  readonly __typename?: 'SyncHint';
  readonly cursor: Scalars['SyncCursor']['output'];
};

/** What changed since a cursor: one snapshot over all types. */
export type SyncPage = {
  readonly __typename?: 'SyncPage';
  readonly changes: ReadonlyArray<Versioned>;
  /** Where the next page begins. Store it together with this page's data, never before it. */
  readonly cursor: Scalars['SyncCursor']['output'];
  readonly hasMore: Scalars['Boolean']['output'];
  /** The cursor sent was unusable (another epoch, or older than the tombstones): this is a first page; sweep what no page mentions. */
  readonly reset: Scalars['Boolean']['output'];
  readonly tombstones: ReadonlyArray<Tombstone>;
};

export type Tombstone = {
  readonly __typename?: 'Tombstone';
  readonly _version: Scalars['Version']['output'];
  readonly id: Scalars['ID']['output'];
  readonly reason: TombstoneReason;
  readonly typename: Scalars['String']['output'];
};

export type TombstoneReason =
  | 'DELETED'
  /** Still there, but not for this reader. */
  | 'OUT_OF_SCOPE';

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateFindingInput = {
  /** The version that the change was made on. */
  readonly _version: Scalars['Version']['input'];
  readonly count?: InputMaybe<Scalars['Int']['input']>;
  readonly id: Scalars['ID']['input'];
  readonly inspectionId?: InputMaybe<Scalars['ID']['input']>;
  readonly resolved?: InputMaybe<Scalars['Boolean']['input']>;
  readonly severity?: InputMaybe<Severity>;
  readonly summary?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateFindingPayload = {
  readonly __typename?: 'UpdateFindingPayload';
  readonly finding: Finding;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type UpdateFindingResult = FindingConflict | MutationRejected | UpdateFindingPayload;

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateInspectionInput = {
  /** The version that the change was made on. */
  readonly _version: Scalars['Version']['input'];
  readonly dueOn?: InputMaybe<Scalars['DateTime']['input']>;
  readonly id: Scalars['ID']['input'];
  readonly inspector?: InputMaybe<Scalars['String']['input']>;
  readonly notes?: InputMaybe<Scalars['String']['input']>;
  readonly passed?: InputMaybe<Scalars['Boolean']['input']>;
  readonly severity?: InputMaybe<Severity>;
  readonly siteId?: InputMaybe<Scalars['ID']['input']>;
  readonly status?: InputMaybe<InspectionStatus>;
  readonly tags?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly title?: InputMaybe<Scalars['String']['input']>;
  readonly visits?: InputMaybe<Scalars['Int']['input']>;
};

export type UpdateInspectionPayload = {
  readonly __typename?: 'UpdateInspectionPayload';
  readonly inspection: Inspection;
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
};

export type UpdateInspectionResult = InspectionConflict | MutationRejected | UpdateInspectionPayload;

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateSiteInput = {
  /** The version that the change was made on. */
  readonly _version: Scalars['Version']['input'];
  readonly address?: InputMaybe<Scalars['String']['input']>;
  readonly id: Scalars['ID']['input'];
  readonly name?: InputMaybe<Scalars['String']['input']>;
  readonly region?: InputMaybe<Region>;
};

export type UpdateSitePayload = {
  readonly __typename?: 'UpdateSitePayload';
  /** Input fields that somebody else had changed too: what stands there now is not this change alone. */
  readonly mergedFields: ReadonlyArray<Scalars['String']['output']>;
  readonly site: Site;
};

export type UpdateSiteResult = MutationRejected | SiteConflict | UpdateSitePayload;

export type VersionKind =
  /** An integer that grows by one with each change. */
  | 'COUNTER'
  /** A hybrid logical clock of the server's, as text whose order is that of the changes. */
  | 'HYBRID_CLOCK'
  /** How many changes each write authority has made; two versions may be concurrent. */
  | 'VERSION_VECTOR';

export type Versioned = {
  readonly _deleted: Scalars['Boolean']['output'];
  /** By the server's clock; for display, never for ordering. */
  readonly _lastChangedAt: Scalars['DateTime']['output'];
  /** Grows with every change, through delete and recreate too. */
  readonly _version: Scalars['Version']['output'];
  readonly id: Scalars['ID']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  CreateFindingResult:
    | ( WritePayload )
    | ( ConflictResult )
    | ( MutationRejected )
  ;
  CreateInspectionResult:
    | ( WritePayload )
    | ( ConflictResult )
    | ( MutationRejected )
  ;
  CreateSiteResult:
    | ( WritePayload )
    | ( MutationRejected )
    | ( ConflictResult )
  ;
  DeleteFindingResult:
    | ( WritePayload )
    | ( ConflictResult )
    | ( MutationRejected )
  ;
  DeleteInspectionResult:
    | ( WritePayload )
    | ( ConflictResult )
    | ( MutationRejected )
  ;
  DeleteSiteResult:
    | ( WritePayload )
    | ( MutationRejected )
    | ( ConflictResult )
  ;
  LeaseResult:
    | ( Lease )
    | ( LeaseHeld )
    | ( MutationRejected )
  ;
  UpdateFindingResult:
    | ( ConflictResult )
    | ( MutationRejected )
    | ( WritePayload )
  ;
  UpdateInspectionResult:
    | ( ConflictResult )
    | ( MutationRejected )
    | ( WritePayload )
  ;
  UpdateSiteResult:
    | ( MutationRejected )
    | ( ConflictResult )
    | ( WritePayload )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Conflict:
    | ( ConflictResult )
    | ( ConflictResult )
    | ( ConflictResult )
  ;
  Versioned:
    | ( Row )
    | ( Row )
    | ( Row )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  BooleanFilter: BooleanFilter;
  Conflict: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Conflict']>;
  ConflictCode: ConflictCode;
  CreateFindingInput: CreateFindingInput;
  CreateFindingPayload: ResolverTypeWrapper<WritePayload>;
  CreateFindingResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateFindingResult']>;
  CreateInspectionInput: CreateInspectionInput;
  CreateInspectionPayload: ResolverTypeWrapper<WritePayload>;
  CreateInspectionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateInspectionResult']>;
  CreateSiteInput: CreateSiteInput;
  CreateSitePayload: ResolverTypeWrapper<WritePayload>;
  CreateSiteResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['CreateSiteResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DateTimeFilter: DateTimeFilter;
  DeleteFindingInput: DeleteFindingInput;
  DeleteFindingPayload: ResolverTypeWrapper<WritePayload>;
  DeleteFindingResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteFindingResult']>;
  DeleteInspectionInput: DeleteInspectionInput;
  DeleteInspectionPayload: ResolverTypeWrapper<WritePayload>;
  DeleteInspectionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteInspectionResult']>;
  DeleteSiteInput: DeleteSiteInput;
  DeleteSitePayload: ResolverTypeWrapper<WritePayload>;
  DeleteSiteResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeleteSiteResult']>;
  Finding: ResolverTypeWrapper<Row>;
  FindingConflict: ResolverTypeWrapper<ConflictResult>;
  FindingConnection: ResolverTypeWrapper<Connection>;
  FindingFilter: FindingFilter;
  FindingOrder: FindingOrder;
  FindingOrderField: FindingOrderField;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  IDFilter: IdFilter;
  Inspection: ResolverTypeWrapper<Row>;
  InspectionConflict: ResolverTypeWrapper<ConflictResult>;
  InspectionConnection: ResolverTypeWrapper<Connection>;
  InspectionFilter: InspectionFilter;
  InspectionOrder: InspectionOrder;
  InspectionOrderField: InspectionOrderField;
  InspectionStatus: InspectionStatus;
  InspectionStatusFilter: InspectionStatusFilter;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  IntFilter: IntFilter;
  Lease: ResolverTypeWrapper<Lease>;
  LeaseHeld: ResolverTypeWrapper<LeaseHeld>;
  LeaseResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LeaseResult']>;
  MergeStrategy: MergeStrategy;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MutationRejected: ResolverTypeWrapper<MutationRejected>;
  OrderDirection: OrderDirection;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Region: Region;
  RegionFilter: RegionFilter;
  Severity: Severity;
  SeverityFilter: SeverityFilter;
  Site: ResolverTypeWrapper<Row>;
  SiteConflict: ResolverTypeWrapper<ConflictResult>;
  SiteConnection: ResolverTypeWrapper<Connection>;
  SiteFilter: SiteFilter;
  SiteOrder: SiteOrder;
  SiteOrderField: SiteOrderField;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  StringFilter: StringFilter;
  StringListFilter: StringListFilter;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SyncCursor: ResolverTypeWrapper<Scalars['SyncCursor']['output']>;
  SyncHint: ResolverTypeWrapper<SyncHint>;
  SyncPage: ResolverTypeWrapper<Omit<SyncPage, 'changes'> & { changes: ReadonlyArray<ResolversTypes['Versioned']> }>;
  Tombstone: ResolverTypeWrapper<Tombstone>;
  TombstoneReason: TombstoneReason;
  UpdateFindingInput: UpdateFindingInput;
  UpdateFindingPayload: ResolverTypeWrapper<WritePayload>;
  UpdateFindingResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateFindingResult']>;
  UpdateInspectionInput: UpdateInspectionInput;
  UpdateInspectionPayload: ResolverTypeWrapper<WritePayload>;
  UpdateInspectionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateInspectionResult']>;
  UpdateSiteInput: UpdateSiteInput;
  UpdateSitePayload: ResolverTypeWrapper<WritePayload>;
  UpdateSiteResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UpdateSiteResult']>;
  Version: ResolverTypeWrapper<Scalars['Version']['output']>;
  VersionKind: VersionKind;
  Versioned: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Versioned']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Boolean: Scalars['Boolean']['output'];
  BooleanFilter: BooleanFilter;
  Conflict: ResolversInterfaceTypes<ResolversParentTypes>['Conflict'];
  CreateFindingInput: CreateFindingInput;
  CreateFindingPayload: WritePayload;
  CreateFindingResult: ResolversUnionTypes<ResolversParentTypes>['CreateFindingResult'];
  CreateInspectionInput: CreateInspectionInput;
  CreateInspectionPayload: WritePayload;
  CreateInspectionResult: ResolversUnionTypes<ResolversParentTypes>['CreateInspectionResult'];
  CreateSiteInput: CreateSiteInput;
  CreateSitePayload: WritePayload;
  CreateSiteResult: ResolversUnionTypes<ResolversParentTypes>['CreateSiteResult'];
  DateTime: Scalars['DateTime']['output'];
  DateTimeFilter: DateTimeFilter;
  DeleteFindingInput: DeleteFindingInput;
  DeleteFindingPayload: WritePayload;
  DeleteFindingResult: ResolversUnionTypes<ResolversParentTypes>['DeleteFindingResult'];
  DeleteInspectionInput: DeleteInspectionInput;
  DeleteInspectionPayload: WritePayload;
  DeleteInspectionResult: ResolversUnionTypes<ResolversParentTypes>['DeleteInspectionResult'];
  DeleteSiteInput: DeleteSiteInput;
  DeleteSitePayload: WritePayload;
  DeleteSiteResult: ResolversUnionTypes<ResolversParentTypes>['DeleteSiteResult'];
  Finding: Row;
  FindingConflict: ConflictResult;
  FindingConnection: Connection;
  FindingFilter: FindingFilter;
  FindingOrder: FindingOrder;
  Float: Scalars['Float']['output'];
  ID: Scalars['ID']['output'];
  IDFilter: IdFilter;
  Inspection: Row;
  InspectionConflict: ConflictResult;
  InspectionConnection: Connection;
  InspectionFilter: InspectionFilter;
  InspectionOrder: InspectionOrder;
  InspectionStatusFilter: InspectionStatusFilter;
  Int: Scalars['Int']['output'];
  IntFilter: IntFilter;
  Lease: Lease;
  LeaseHeld: LeaseHeld;
  LeaseResult: ResolversUnionTypes<ResolversParentTypes>['LeaseResult'];
  Mutation: Record<PropertyKey, never>;
  MutationRejected: MutationRejected;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  RegionFilter: RegionFilter;
  SeverityFilter: SeverityFilter;
  Site: Row;
  SiteConflict: ConflictResult;
  SiteConnection: Connection;
  SiteFilter: SiteFilter;
  SiteOrder: SiteOrder;
  String: Scalars['String']['output'];
  StringFilter: StringFilter;
  StringListFilter: StringListFilter;
  Subscription: Record<PropertyKey, never>;
  SyncCursor: Scalars['SyncCursor']['output'];
  SyncHint: SyncHint;
  SyncPage: Omit<SyncPage, 'changes'> & { changes: ReadonlyArray<ResolversParentTypes['Versioned']> };
  Tombstone: Tombstone;
  UpdateFindingInput: UpdateFindingInput;
  UpdateFindingPayload: WritePayload;
  UpdateFindingResult: ResolversUnionTypes<ResolversParentTypes>['UpdateFindingResult'];
  UpdateInspectionInput: UpdateInspectionInput;
  UpdateInspectionPayload: WritePayload;
  UpdateInspectionResult: ResolversUnionTypes<ResolversParentTypes>['UpdateInspectionResult'];
  UpdateSiteInput: UpdateSiteInput;
  UpdateSitePayload: WritePayload;
  UpdateSiteResult: ResolversUnionTypes<ResolversParentTypes>['UpdateSiteResult'];
  Version: Scalars['Version']['output'];
  Versioned: ResolversInterfaceTypes<ResolversParentTypes>['Versioned'];
};

export type ComputedDirectiveArgs = { };

export type ComputedDirectiveResolver<Result, Parent, ContextType = OfflineContext, Args = ComputedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type IdempotentDirectiveArgs = {
  key: Scalars['String']['input'];
};

export type IdempotentDirectiveResolver<Result, Parent, ContextType = OfflineContext, Args = IdempotentDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type MergeDirectiveArgs = {
  strategy: MergeStrategy;
};

export type MergeDirectiveResolver<Result, Parent, ContextType = OfflineContext, Args = MergeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type VersionedDirectiveArgs = {
  by?: Maybe<VersionKind>;
  list?: Maybe<Scalars['String']['input']>;
  merge?: Maybe<MergeStrategy>;
};

export type VersionedDirectiveResolver<Result, Parent, ContextType = OfflineContext, Args = VersionedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ConflictResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Conflict'] = ResolversParentTypes['Conflict']> = {
  __resolveType: TypeResolveFn<'FindingConflict' | 'InspectionConflict' | 'SiteConflict', ParentType, ContextType>;
};

export type CreateFindingPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateFindingPayload'] = ResolversParentTypes['CreateFindingPayload']> = {
  finding?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateFindingResult'] = ResolversParentTypes['CreateFindingResult']> = {
  __resolveType: TypeResolveFn<'CreateFindingPayload' | 'FindingConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type CreateInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateInspectionPayload'] = ResolversParentTypes['CreateInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateInspectionResult'] = ResolversParentTypes['CreateInspectionResult']> = {
  __resolveType: TypeResolveFn<'CreateInspectionPayload' | 'InspectionConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type CreateSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateSitePayload'] = ResolversParentTypes['CreateSitePayload']> = {
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateSiteResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateSiteResult'] = ResolversParentTypes['CreateSiteResult']> = {
  __resolveType: TypeResolveFn<'CreateSitePayload' | 'MutationRejected' | 'SiteConflict', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteFindingPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteFindingPayload'] = ResolversParentTypes['DeleteFindingPayload']> = {
  finding?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteFindingResult'] = ResolversParentTypes['DeleteFindingResult']> = {
  __resolveType: TypeResolveFn<'DeleteFindingPayload' | 'FindingConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type DeleteInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteInspectionPayload'] = ResolversParentTypes['DeleteInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteInspectionResult'] = ResolversParentTypes['DeleteInspectionResult']> = {
  __resolveType: TypeResolveFn<'DeleteInspectionPayload' | 'InspectionConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type DeleteSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteSitePayload'] = ResolversParentTypes['DeleteSitePayload']> = {
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteSiteResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteSiteResult'] = ResolversParentTypes['DeleteSiteResult']> = {
  __resolveType: TypeResolveFn<'DeleteSitePayload' | 'MutationRejected' | 'SiteConflict', ParentType, ContextType>;
};

export type FindingResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Finding'] = ResolversParentTypes['Finding']> = {
  _deleted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  _lastChangedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  _version?: Resolver<ResolversTypes['Version'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  resolved?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  severity?: Resolver<ResolversTypes['Severity'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FindingConflictResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['FindingConflict'] = ResolversParentTypes['FindingConflict']> = {
  code?: Resolver<ResolversTypes['ConflictCode'], ParentType, ContextType>;
  conflictingFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  lease?: Resolver<Maybe<ResolversTypes['LeaseHeld']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Finding']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FindingConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['FindingConnection'] = ResolversParentTypes['FindingConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Finding']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type InspectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Inspection'] = ResolversParentTypes['Inspection']> = {
  _deleted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  _lastChangedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  _version?: Resolver<ResolversTypes['Version'], ParentType, ContextType>;
  dueOn?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inspector?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  notes?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  passed?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  severity?: Resolver<Maybe<ResolversTypes['Severity']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['InspectionStatus'], ParentType, ContextType>;
  tags?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  visits?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InspectionConflictResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['InspectionConflict'] = ResolversParentTypes['InspectionConflict']> = {
  code?: Resolver<ResolversTypes['ConflictCode'], ParentType, ContextType>;
  conflictingFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  lease?: Resolver<Maybe<ResolversTypes['LeaseHeld']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Inspection']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InspectionConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['InspectionConnection'] = ResolversParentTypes['InspectionConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Inspection']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type LeaseResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Lease'] = ResolversParentTypes['Lease']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fencingToken?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  typename?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LeaseHeldResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['LeaseHeld'] = ResolversParentTypes['LeaseHeld']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  holder?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isYours?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LeaseResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['LeaseResult'] = ResolversParentTypes['LeaseResult']> = {
  __resolveType: TypeResolveFn<'Lease' | 'LeaseHeld' | 'MutationRejected', ParentType, ContextType>;
};

export type MutationResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acquireLease?: Resolver<Maybe<ResolversTypes['LeaseResult']>, ParentType, ContextType, RequireFields<MutationAcquireLeaseArgs, 'id' | 'ttlMs' | 'typename'>>;
  createFinding?: Resolver<Maybe<ResolversTypes['CreateFindingResult']>, ParentType, ContextType, RequireFields<MutationCreateFindingArgs, 'input'>>;
  createInspection?: Resolver<Maybe<ResolversTypes['CreateInspectionResult']>, ParentType, ContextType, RequireFields<MutationCreateInspectionArgs, 'input'>>;
  createSite?: Resolver<Maybe<ResolversTypes['CreateSiteResult']>, ParentType, ContextType, RequireFields<MutationCreateSiteArgs, 'input'>>;
  deleteFinding?: Resolver<Maybe<ResolversTypes['DeleteFindingResult']>, ParentType, ContextType, RequireFields<MutationDeleteFindingArgs, 'input'>>;
  deleteInspection?: Resolver<Maybe<ResolversTypes['DeleteInspectionResult']>, ParentType, ContextType, RequireFields<MutationDeleteInspectionArgs, 'input'>>;
  deleteSite?: Resolver<Maybe<ResolversTypes['DeleteSiteResult']>, ParentType, ContextType, RequireFields<MutationDeleteSiteArgs, 'input'>>;
  releaseLease?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType, RequireFields<MutationReleaseLeaseArgs, 'fencingToken' | 'id' | 'typename'>>;
  renewLease?: Resolver<Maybe<ResolversTypes['LeaseResult']>, ParentType, ContextType, RequireFields<MutationRenewLeaseArgs, 'fencingToken' | 'id' | 'ttlMs' | 'typename'>>;
  updateFinding?: Resolver<Maybe<ResolversTypes['UpdateFindingResult']>, ParentType, ContextType, RequireFields<MutationUpdateFindingArgs, 'input'>>;
  updateInspection?: Resolver<Maybe<ResolversTypes['UpdateInspectionResult']>, ParentType, ContextType, RequireFields<MutationUpdateInspectionArgs, 'input'>>;
  updateSite?: Resolver<Maybe<ResolversTypes['UpdateSiteResult']>, ParentType, ContextType, RequireFields<MutationUpdateSiteArgs, 'input'>>;
};

export type MutationRejectedResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['MutationRejected'] = ResolversParentTypes['MutationRejected']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  finding?: Resolver<Maybe<ResolversTypes['Finding']>, ParentType, ContextType, RequireFields<QueryFindingArgs, 'id'>>;
  findings?: Resolver<ResolversTypes['FindingConnection'], ParentType, ContextType, RequireFields<QueryFindingsArgs, 'first'>>;
  inspection?: Resolver<Maybe<ResolversTypes['Inspection']>, ParentType, ContextType, RequireFields<QueryInspectionArgs, 'id'>>;
  inspections?: Resolver<ResolversTypes['InspectionConnection'], ParentType, ContextType, RequireFields<QueryInspectionsArgs, 'first'>>;
  site?: Resolver<Maybe<ResolversTypes['Site']>, ParentType, ContextType, RequireFields<QuerySiteArgs, 'id'>>;
  sites?: Resolver<ResolversTypes['SiteConnection'], ParentType, ContextType, RequireFields<QuerySitesArgs, 'first'>>;
  sync?: Resolver<ResolversTypes['SyncPage'], ParentType, ContextType, RequireFields<QuerySyncArgs, 'limit'>>;
};

export type SiteResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Site'] = ResolversParentTypes['Site']> = {
  _deleted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  _lastChangedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  _version?: Resolver<ResolversTypes['Version'], ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  region?: Resolver<ResolversTypes['Region'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SiteConflictResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['SiteConflict'] = ResolversParentTypes['SiteConflict']> = {
  code?: Resolver<ResolversTypes['ConflictCode'], ParentType, ContextType>;
  conflictingFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  lease?: Resolver<Maybe<ResolversTypes['LeaseHeld']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Site']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SiteConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['SiteConnection'] = ResolversParentTypes['SiteConnection']> = {
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Site']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  syncHint?: SubscriptionResolver<ResolversTypes['SyncHint'], "syncHint", ParentType, ContextType, Partial<SubscriptionSyncHintArgs>>;
};

export interface SyncCursorScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SyncCursor'], any> {
  name: 'SyncCursor';
}

export type SyncHintResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['SyncHint'] = ResolversParentTypes['SyncHint']> = {
  cursor?: Resolver<ResolversTypes['SyncCursor'], ParentType, ContextType>;
};

export type SyncPageResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['SyncPage'] = ResolversParentTypes['SyncPage']> = {
  changes?: Resolver<ReadonlyArray<ResolversTypes['Versioned']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['SyncCursor'], ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reset?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  tombstones?: Resolver<ReadonlyArray<ResolversTypes['Tombstone']>, ParentType, ContextType>;
};

export type TombstoneResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Tombstone'] = ResolversParentTypes['Tombstone']> = {
  _version?: Resolver<ResolversTypes['Version'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['TombstoneReason'], ParentType, ContextType>;
  typename?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UpdateFindingPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateFindingPayload'] = ResolversParentTypes['UpdateFindingPayload']> = {
  finding?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateFindingResult'] = ResolversParentTypes['UpdateFindingResult']> = {
  __resolveType: TypeResolveFn<'FindingConflict' | 'MutationRejected' | 'UpdateFindingPayload', ParentType, ContextType>;
};

export type UpdateInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateInspectionPayload'] = ResolversParentTypes['UpdateInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateInspectionResult'] = ResolversParentTypes['UpdateInspectionResult']> = {
  __resolveType: TypeResolveFn<'InspectionConflict' | 'MutationRejected' | 'UpdateInspectionPayload', ParentType, ContextType>;
};

export type UpdateSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateSitePayload'] = ResolversParentTypes['UpdateSitePayload']> = {
  mergedFields?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateSiteResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateSiteResult'] = ResolversParentTypes['UpdateSiteResult']> = {
  __resolveType: TypeResolveFn<'MutationRejected' | 'SiteConflict' | 'UpdateSitePayload', ParentType, ContextType>;
};

export interface VersionScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Version'], any> {
  name: 'Version';
}

export type VersionedResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Versioned'] = ResolversParentTypes['Versioned']> = {
  __resolveType: TypeResolveFn<'Finding' | 'Inspection' | 'Site', ParentType, ContextType>;
};

export type Resolvers<ContextType = OfflineContext> = {
  Conflict?: ConflictResolvers<ContextType>;
  CreateFindingPayload?: CreateFindingPayloadResolvers<ContextType>;
  CreateFindingResult?: CreateFindingResultResolvers<ContextType>;
  CreateInspectionPayload?: CreateInspectionPayloadResolvers<ContextType>;
  CreateInspectionResult?: CreateInspectionResultResolvers<ContextType>;
  CreateSitePayload?: CreateSitePayloadResolvers<ContextType>;
  CreateSiteResult?: CreateSiteResultResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteFindingPayload?: DeleteFindingPayloadResolvers<ContextType>;
  DeleteFindingResult?: DeleteFindingResultResolvers<ContextType>;
  DeleteInspectionPayload?: DeleteInspectionPayloadResolvers<ContextType>;
  DeleteInspectionResult?: DeleteInspectionResultResolvers<ContextType>;
  DeleteSitePayload?: DeleteSitePayloadResolvers<ContextType>;
  DeleteSiteResult?: DeleteSiteResultResolvers<ContextType>;
  Finding?: FindingResolvers<ContextType>;
  FindingConflict?: FindingConflictResolvers<ContextType>;
  FindingConnection?: FindingConnectionResolvers<ContextType>;
  Inspection?: InspectionResolvers<ContextType>;
  InspectionConflict?: InspectionConflictResolvers<ContextType>;
  InspectionConnection?: InspectionConnectionResolvers<ContextType>;
  Lease?: LeaseResolvers<ContextType>;
  LeaseHeld?: LeaseHeldResolvers<ContextType>;
  LeaseResult?: LeaseResultResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  MutationRejected?: MutationRejectedResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Site?: SiteResolvers<ContextType>;
  SiteConflict?: SiteConflictResolvers<ContextType>;
  SiteConnection?: SiteConnectionResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  SyncCursor?: GraphQLScalarType;
  SyncHint?: SyncHintResolvers<ContextType>;
  SyncPage?: SyncPageResolvers<ContextType>;
  Tombstone?: TombstoneResolvers<ContextType>;
  UpdateFindingPayload?: UpdateFindingPayloadResolvers<ContextType>;
  UpdateFindingResult?: UpdateFindingResultResolvers<ContextType>;
  UpdateInspectionPayload?: UpdateInspectionPayloadResolvers<ContextType>;
  UpdateInspectionResult?: UpdateInspectionResultResolvers<ContextType>;
  UpdateSitePayload?: UpdateSitePayloadResolvers<ContextType>;
  UpdateSiteResult?: UpdateSiteResultResolvers<ContextType>;
  Version?: GraphQLScalarType;
  Versioned?: VersionedResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = OfflineContext> = {
  computed?: ComputedDirectiveResolver<any, any, ContextType>;
  idempotent?: IdempotentDirectiveResolver<any, any, ContextType>;
  merge?: MergeDirectiveResolver<any, any, ContextType>;
  versioned?: VersionedDirectiveResolver<any, any, ContextType>;
};
