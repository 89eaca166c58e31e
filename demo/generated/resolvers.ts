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
  Version: { input: number; output: number; }
};

export type BooleanFilter = {
  eq?: InputMaybe<Scalars['Boolean']['input']>;
  ne?: InputMaybe<Scalars['Boolean']['input']>;
};

/** The server has something that the writer had not seen; nothing was written. */
export type Conflict = {
  code: ConflictCode;
  /** Input fields that both sides changed, differently, without a strategy that could merge them. */
  conflictingFields: Array<Scalars['String']['output']>;
  /** The version at the server now; rebase onto this one. */
  currentVersion?: Maybe<Scalars['Version']['output']>;
  /** The version that the write was made against. */
  expectedVersion?: Maybe<Scalars['Version']['output']>;
  message: Scalars['String']['output'];
};

export type ConflictCode =
  | 'ALREADY_EXISTS'
  | 'DELETED'
  /** Reserved. */
  | 'LEASE_EXPIRED'
  /** Reserved. */
  | 'LEASE_HELD'
  /** Reserved. */
  | 'STALE_FENCING_TOKEN'
  | 'VERSION_MISMATCH';

export type CreateFindingInput = {
  count: Scalars['Int']['input'];
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  id?: InputMaybe<Scalars['ID']['input']>;
  inspectionId: Scalars['ID']['input'];
  resolved: Scalars['Boolean']['input'];
  severity: Severity;
  summary: Scalars['String']['input'];
};

export type CreateFindingPayload = {
  __typename?: 'CreateFindingPayload';
  finding: Finding;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type CreateFindingResult = CreateFindingPayload | FindingConflict | MutationRejected;

export type CreateInspectionInput = {
  dueOn?: InputMaybe<Scalars['DateTime']['input']>;
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  id?: InputMaybe<Scalars['ID']['input']>;
  inspector?: InputMaybe<Scalars['String']['input']>;
  notes?: InputMaybe<Scalars['String']['input']>;
  passed?: InputMaybe<Scalars['Boolean']['input']>;
  severity?: InputMaybe<Severity>;
  siteId: Scalars['ID']['input'];
  status: InspectionStatus;
  tags: Array<Scalars['String']['input']>;
  title: Scalars['String']['input'];
  visits: Scalars['Int']['input'];
};

export type CreateInspectionPayload = {
  __typename?: 'CreateInspectionPayload';
  inspection: Inspection;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type CreateInspectionResult = CreateInspectionPayload | InspectionConflict | MutationRejected;

export type CreateSiteInput = {
  address?: InputMaybe<Scalars['String']['input']>;
  /** Chosen by the client (a UUIDv7), so that what refers to it can be written offline. The server chooses when absent. */
  id?: InputMaybe<Scalars['ID']['input']>;
  name: Scalars['String']['input'];
  region: Region;
};

export type CreateSitePayload = {
  __typename?: 'CreateSitePayload';
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
  site: Site;
};

export type CreateSiteResult = CreateSitePayload | MutationRejected | SiteConflict;

export type DateTimeFilter = {
  eq?: InputMaybe<Scalars['DateTime']['input']>;
  gt?: InputMaybe<Scalars['DateTime']['input']>;
  gte?: InputMaybe<Scalars['DateTime']['input']>;
  in?: InputMaybe<Array<Scalars['DateTime']['input']>>;
  lt?: InputMaybe<Scalars['DateTime']['input']>;
  lte?: InputMaybe<Scalars['DateTime']['input']>;
  ne?: InputMaybe<Scalars['DateTime']['input']>;
};

export type DeleteFindingInput = {
  _version: Scalars['Version']['input'];
  id: Scalars['ID']['input'];
};

export type DeleteFindingPayload = {
  __typename?: 'DeleteFindingPayload';
  finding: Finding;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type DeleteFindingResult = DeleteFindingPayload | FindingConflict | MutationRejected;

export type DeleteInspectionInput = {
  _version: Scalars['Version']['input'];
  id: Scalars['ID']['input'];
};

export type DeleteInspectionPayload = {
  __typename?: 'DeleteInspectionPayload';
  inspection: Inspection;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type DeleteInspectionResult = DeleteInspectionPayload | InspectionConflict | MutationRejected;

export type DeleteSiteInput = {
  _version: Scalars['Version']['input'];
  id: Scalars['ID']['input'];
};

export type DeleteSitePayload = {
  __typename?: 'DeleteSitePayload';
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
  site: Site;
};

export type DeleteSiteResult = DeleteSitePayload | MutationRejected | SiteConflict;

/** Something that an inspection found. */
export type Finding = Versioned & {
  __typename?: 'Finding';
  _deleted: Scalars['Boolean']['output'];
  _lastChangedAt: Scalars['DateTime']['output'];
  _version: Scalars['Version']['output'];
  /** How often it was seen; counts made apart add up. */
  count: Scalars['Int']['output'];
  id: Scalars['ID']['output'];
  inspection: Inspection;
  resolved: Scalars['Boolean']['output'];
  severity: Severity;
  summary: Scalars['String']['output'];
};

export type FindingConflict = Conflict & {
  __typename?: 'FindingConflict';
  code: ConflictCode;
  conflictingFields: Array<Scalars['String']['output']>;
  currentVersion?: Maybe<Scalars['Version']['output']>;
  expectedVersion?: Maybe<Scalars['Version']['output']>;
  message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  server?: Maybe<Finding>;
};

export type FindingConnection = {
  __typename?: 'FindingConnection';
  nodes: Array<Finding>;
  pageInfo: PageInfo;
  /** Of all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type FindingFilter = {
  _lastChangedAt?: InputMaybe<DateTimeFilter>;
  and?: InputMaybe<Array<FindingFilter>>;
  count?: InputMaybe<IntFilter>;
  id?: InputMaybe<IdFilter>;
  inspectionId?: InputMaybe<IdFilter>;
  not?: InputMaybe<FindingFilter>;
  or?: InputMaybe<Array<FindingFilter>>;
  resolved?: InputMaybe<BooleanFilter>;
  severity?: InputMaybe<SeverityFilter>;
  summary?: InputMaybe<StringFilter>;
};

export type FindingOrder = {
  direction?: InputMaybe<OrderDirection>;
  field: FindingOrderField;
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
  eq?: InputMaybe<Scalars['ID']['input']>;
  in?: InputMaybe<Array<Scalars['ID']['input']>>;
  ne?: InputMaybe<Scalars['ID']['input']>;
};

/** One visit plan for one site: what has to be looked at, by whom, and how it went. */
export type Inspection = Versioned & {
  __typename?: 'Inspection';
  _deleted: Scalars['Boolean']['output'];
  _lastChangedAt: Scalars['DateTime']['output'];
  _version: Scalars['Version']['output'];
  dueOn?: Maybe<Scalars['DateTime']['output']>;
  id: Scalars['ID']['output'];
  inspector?: Maybe<Scalars['String']['output']>;
  /** Free text, often long. */
  notes?: Maybe<Scalars['String']['output']>;
  /** Null until somebody has decided. */
  passed?: Maybe<Scalars['Boolean']['output']>;
  severity?: Maybe<Severity>;
  site: Site;
  status: InspectionStatus;
  /** Tags that two people add apart are all kept. */
  tags: Array<Scalars['String']['output']>;
  title: Scalars['String']['output'];
  /** Visits that two people count apart add up. */
  visits: Scalars['Int']['output'];
};

export type InspectionConflict = Conflict & {
  __typename?: 'InspectionConflict';
  code: ConflictCode;
  conflictingFields: Array<Scalars['String']['output']>;
  currentVersion?: Maybe<Scalars['Version']['output']>;
  expectedVersion?: Maybe<Scalars['Version']['output']>;
  message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  server?: Maybe<Inspection>;
};

export type InspectionConnection = {
  __typename?: 'InspectionConnection';
  nodes: Array<Inspection>;
  pageInfo: PageInfo;
  /** Of all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type InspectionFilter = {
  _lastChangedAt?: InputMaybe<DateTimeFilter>;
  and?: InputMaybe<Array<InspectionFilter>>;
  dueOn?: InputMaybe<DateTimeFilter>;
  id?: InputMaybe<IdFilter>;
  inspector?: InputMaybe<StringFilter>;
  not?: InputMaybe<InspectionFilter>;
  notes?: InputMaybe<StringFilter>;
  or?: InputMaybe<Array<InspectionFilter>>;
  passed?: InputMaybe<BooleanFilter>;
  severity?: InputMaybe<SeverityFilter>;
  siteId?: InputMaybe<IdFilter>;
  status?: InputMaybe<InspectionStatusFilter>;
  tags?: InputMaybe<StringListFilter>;
  title?: InputMaybe<StringFilter>;
  visits?: InputMaybe<IntFilter>;
};

export type InspectionOrder = {
  direction?: InputMaybe<OrderDirection>;
  field: InspectionOrderField;
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
  eq?: InputMaybe<InspectionStatus>;
  in?: InputMaybe<Array<InspectionStatus>>;
  ne?: InputMaybe<InspectionStatus>;
};

export type IntFilter = {
  eq?: InputMaybe<Scalars['Int']['input']>;
  gt?: InputMaybe<Scalars['Int']['input']>;
  gte?: InputMaybe<Scalars['Int']['input']>;
  in?: InputMaybe<Array<Scalars['Int']['input']>>;
  lt?: InputMaybe<Scalars['Int']['input']>;
  lte?: InputMaybe<Scalars['Int']['input']>;
  ne?: InputMaybe<Scalars['Int']['input']>;
};

export type MergeStrategy =
  /** The later arrival wins. */
  | 'CLIENT_WINS'
  /** Numbers: what both sides added is added. */
  | 'COUNTER'
  /** Reserved. */
  | 'LAST_WRITE_WINS'
  /** Nobody is overwritten: the conflict goes back to the client. */
  | 'REPORT'
  /** The value at the server stays. */
  | 'SERVER_WINS'
  /** Lists as sets: additions and removals of both sides hold. */
  | 'SET_UNION'
  /** Reserved. */
  | 'TEXT';

export type Mutation = {
  __typename?: 'Mutation';
  createFinding?: Maybe<CreateFindingResult>;
  createInspection?: Maybe<CreateInspectionResult>;
  createSite?: Maybe<CreateSiteResult>;
  deleteFinding?: Maybe<DeleteFindingResult>;
  deleteInspection?: Maybe<DeleteInspectionResult>;
  deleteSite?: Maybe<DeleteSiteResult>;
  updateFinding?: Maybe<UpdateFindingResult>;
  updateInspection?: Maybe<UpdateInspectionResult>;
  updateSite?: Maybe<UpdateSiteResult>;
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
  __typename?: 'MutationRejected';
  code: Scalars['String']['output'];
  /** Path of the offending part of the input. */
  field?: Maybe<Array<Scalars['String']['output']>>;
  message: Scalars['String']['output'];
};

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type PageInfo = {
  __typename?: 'PageInfo';
  /** Goes into after. Null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
};

export type Query = {
  __typename?: 'Query';
  /** One Finding by id; null when it never was, or is gone. */
  finding?: Maybe<Finding>;
  findings: FindingConnection;
  /** One Inspection by id; null when it never was, or is gone. */
  inspection?: Maybe<Inspection>;
  inspections: InspectionConnection;
  /** One Site by id; null when it never was, or is gone. */
  site?: Maybe<Site>;
  sites: SiteConnection;
  /** What changed since a cursor; everything when there is none. At most 1000 changes a page. */
  sync: SyncPage;
};


export type QueryFindingArgs = {
  id: Scalars['ID']['input'];
};


export type QueryFindingsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<FindingFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<FindingOrder>>;
};


export type QueryInspectionArgs = {
  id: Scalars['ID']['input'];
};


export type QueryInspectionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<InspectionFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<InspectionOrder>>;
};


export type QuerySiteArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySitesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SiteFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<Array<SiteOrder>>;
};


export type QuerySyncArgs = {
  limit?: InputMaybe<Scalars['Int']['input']>;
  since?: InputMaybe<Scalars['SyncCursor']['input']>;
  types?: InputMaybe<Array<Scalars['String']['input']>>;
};

export type Region =
  | 'EAST'
  | 'NORTH'
  | 'SOUTH'
  | 'WEST';

export type RegionFilter = {
  eq?: InputMaybe<Region>;
  in?: InputMaybe<Array<Region>>;
  ne?: InputMaybe<Region>;
};

export type Severity =
  | 'CRITICAL'
  | 'HIGH'
  | 'LOW'
  | 'MEDIUM';

export type SeverityFilter = {
  eq?: InputMaybe<Severity>;
  in?: InputMaybe<Array<Severity>>;
  ne?: InputMaybe<Severity>;
};

/** Where inspections happen. */
export type Site = Versioned & {
  __typename?: 'Site';
  _deleted: Scalars['Boolean']['output'];
  _lastChangedAt: Scalars['DateTime']['output'];
  _version: Scalars['Version']['output'];
  address?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  region: Region;
};

export type SiteConflict = Conflict & {
  __typename?: 'SiteConflict';
  code: ConflictCode;
  conflictingFields: Array<Scalars['String']['output']>;
  currentVersion?: Maybe<Scalars['Version']['output']>;
  expectedVersion?: Maybe<Scalars['Version']['output']>;
  message: Scalars['String']['output'];
  /** As it is at the server now; null when it is gone. */
  server?: Maybe<Site>;
};

export type SiteConnection = {
  __typename?: 'SiteConnection';
  nodes: Array<Site>;
  pageInfo: PageInfo;
  /** Of all pages together. */
  totalCount: Scalars['Int']['output'];
};

/** All conditions given must hold. */
export type SiteFilter = {
  _lastChangedAt?: InputMaybe<DateTimeFilter>;
  address?: InputMaybe<StringFilter>;
  and?: InputMaybe<Array<SiteFilter>>;
  id?: InputMaybe<IdFilter>;
  name?: InputMaybe<StringFilter>;
  not?: InputMaybe<SiteFilter>;
  or?: InputMaybe<Array<SiteFilter>>;
  region?: InputMaybe<RegionFilter>;
};

export type SiteOrder = {
  direction?: InputMaybe<OrderDirection>;
  field: SiteOrderField;
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
  contains?: InputMaybe<Scalars['String']['input']>;
  eq?: InputMaybe<Scalars['String']['input']>;
  gt?: InputMaybe<Scalars['String']['input']>;
  gte?: InputMaybe<Scalars['String']['input']>;
  in?: InputMaybe<Array<Scalars['String']['input']>>;
  lt?: InputMaybe<Scalars['String']['input']>;
  lte?: InputMaybe<Scalars['String']['input']>;
  ne?: InputMaybe<Scalars['String']['input']>;
};

export type StringListFilter = {
  /** Has this among its items. */
  contains?: InputMaybe<Scalars['String']['input']>;
};

export type Subscription = {
  __typename?: 'Subscription';
  /** Says that there is something to pull. */
  syncHint: SyncHint;
};


export type SubscriptionSyncHintArgs = {
  types?: InputMaybe<Array<Scalars['String']['input']>>;
};

/** There is something after this cursor. Carries no data: the pull does. */
export type SyncHint = {
  __typename?: 'SyncHint';
  cursor: Scalars['SyncCursor']['output'];
};

/** What changed since a cursor: one snapshot over all types. */
export type SyncPage = {
  __typename?: 'SyncPage';
  changes: Array<Versioned>;
  /** Where the next page begins. Store it together with this page's data, never before it. */
  cursor: Scalars['SyncCursor']['output'];
  hasMore: Scalars['Boolean']['output'];
  /** The cursor sent was unusable (another epoch, or older than the tombstones): this is a first page; sweep what no page mentions. */
  reset: Scalars['Boolean']['output'];
  tombstones: Array<Tombstone>;
};

export type Tombstone = {
  __typename?: 'Tombstone';
  _version: Scalars['Version']['output'];
  id: Scalars['ID']['output'];
  reason: TombstoneReason;
  typename: Scalars['String']['output'];
};

export type TombstoneReason =
  | 'DELETED'
  /** Still there, but not for this reader. */
  | 'OUT_OF_SCOPE';

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateFindingInput = {
  /** The version that the change was made on. */
  _version: Scalars['Version']['input'];
  count?: InputMaybe<Scalars['Int']['input']>;
  id: Scalars['ID']['input'];
  inspectionId?: InputMaybe<Scalars['ID']['input']>;
  resolved?: InputMaybe<Scalars['Boolean']['input']>;
  severity?: InputMaybe<Severity>;
  summary?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateFindingPayload = {
  __typename?: 'UpdateFindingPayload';
  finding: Finding;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type UpdateFindingResult = FindingConflict | MutationRejected | UpdateFindingPayload;

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateInspectionInput = {
  /** The version that the change was made on. */
  _version: Scalars['Version']['input'];
  dueOn?: InputMaybe<Scalars['DateTime']['input']>;
  id: Scalars['ID']['input'];
  inspector?: InputMaybe<Scalars['String']['input']>;
  notes?: InputMaybe<Scalars['String']['input']>;
  passed?: InputMaybe<Scalars['Boolean']['input']>;
  severity?: InputMaybe<Severity>;
  siteId?: InputMaybe<Scalars['ID']['input']>;
  status?: InputMaybe<InspectionStatus>;
  tags?: InputMaybe<Array<Scalars['String']['input']>>;
  title?: InputMaybe<Scalars['String']['input']>;
  visits?: InputMaybe<Scalars['Int']['input']>;
};

export type UpdateInspectionPayload = {
  __typename?: 'UpdateInspectionPayload';
  inspection: Inspection;
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
};

export type UpdateInspectionResult = InspectionConflict | MutationRejected | UpdateInspectionPayload;

/** Absent: unchanged. null: set to null. Send only what changed. */
export type UpdateSiteInput = {
  /** The version that the change was made on. */
  _version: Scalars['Version']['input'];
  address?: InputMaybe<Scalars['String']['input']>;
  id: Scalars['ID']['input'];
  name?: InputMaybe<Scalars['String']['input']>;
  region?: InputMaybe<Region>;
};

export type UpdateSitePayload = {
  __typename?: 'UpdateSitePayload';
  /** Input fields in which a merge strategy joined this change with another. */
  mergedFields: Array<Scalars['String']['output']>;
  site: Site;
};

export type UpdateSiteResult = MutationRejected | SiteConflict | UpdateSitePayload;

export type VersionKind =
  /** An integer that grows by one with each change. */
  | 'COUNTER'
  /** Reserved. */
  | 'HYBRID_CLOCK'
  /** Reserved. */
  | 'VERSION_VECTOR';

export type Versioned = {
  _deleted: Scalars['Boolean']['output'];
  /** By the server's clock; for display, never for ordering. */
  _lastChangedAt: Scalars['DateTime']['output'];
  /** Grows with every change, through delete and recreate too. */
  _version: Scalars['Version']['output'];
  id: Scalars['ID']['output'];
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
  SyncPage: ResolverTypeWrapper<Omit<SyncPage, 'changes'> & { changes: Array<ResolversTypes['Versioned']> }>;
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
  SyncPage: Omit<SyncPage, 'changes'> & { changes: Array<ResolversParentTypes['Versioned']> };
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
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateFindingResult'] = ResolversParentTypes['CreateFindingResult']> = {
  __resolveType: TypeResolveFn<'CreateFindingPayload' | 'FindingConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type CreateInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateInspectionPayload'] = ResolversParentTypes['CreateInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateInspectionResult'] = ResolversParentTypes['CreateInspectionResult']> = {
  __resolveType: TypeResolveFn<'CreateInspectionPayload' | 'InspectionConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type CreateSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['CreateSitePayload'] = ResolversParentTypes['CreateSitePayload']> = {
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
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
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteFindingResult'] = ResolversParentTypes['DeleteFindingResult']> = {
  __resolveType: TypeResolveFn<'DeleteFindingPayload' | 'FindingConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type DeleteInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteInspectionPayload'] = ResolversParentTypes['DeleteInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeleteInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteInspectionResult'] = ResolversParentTypes['DeleteInspectionResult']> = {
  __resolveType: TypeResolveFn<'DeleteInspectionPayload' | 'InspectionConflict' | 'MutationRejected', ParentType, ContextType>;
};

export type DeleteSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['DeleteSitePayload'] = ResolversParentTypes['DeleteSitePayload']> = {
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
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
  conflictingFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Finding']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type FindingConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['FindingConnection'] = ResolversParentTypes['FindingConnection']> = {
  nodes?: Resolver<Array<ResolversTypes['Finding']>, ParentType, ContextType>;
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
  tags?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  visits?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InspectionConflictResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['InspectionConflict'] = ResolversParentTypes['InspectionConflict']> = {
  code?: Resolver<ResolversTypes['ConflictCode'], ParentType, ContextType>;
  conflictingFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Inspection']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type InspectionConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['InspectionConnection'] = ResolversParentTypes['InspectionConnection']> = {
  nodes?: Resolver<Array<ResolversTypes['Inspection']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createFinding?: Resolver<Maybe<ResolversTypes['CreateFindingResult']>, ParentType, ContextType, RequireFields<MutationCreateFindingArgs, 'input'>>;
  createInspection?: Resolver<Maybe<ResolversTypes['CreateInspectionResult']>, ParentType, ContextType, RequireFields<MutationCreateInspectionArgs, 'input'>>;
  createSite?: Resolver<Maybe<ResolversTypes['CreateSiteResult']>, ParentType, ContextType, RequireFields<MutationCreateSiteArgs, 'input'>>;
  deleteFinding?: Resolver<Maybe<ResolversTypes['DeleteFindingResult']>, ParentType, ContextType, RequireFields<MutationDeleteFindingArgs, 'input'>>;
  deleteInspection?: Resolver<Maybe<ResolversTypes['DeleteInspectionResult']>, ParentType, ContextType, RequireFields<MutationDeleteInspectionArgs, 'input'>>;
  deleteSite?: Resolver<Maybe<ResolversTypes['DeleteSiteResult']>, ParentType, ContextType, RequireFields<MutationDeleteSiteArgs, 'input'>>;
  updateFinding?: Resolver<Maybe<ResolversTypes['UpdateFindingResult']>, ParentType, ContextType, RequireFields<MutationUpdateFindingArgs, 'input'>>;
  updateInspection?: Resolver<Maybe<ResolversTypes['UpdateInspectionResult']>, ParentType, ContextType, RequireFields<MutationUpdateInspectionArgs, 'input'>>;
  updateSite?: Resolver<Maybe<ResolversTypes['UpdateSiteResult']>, ParentType, ContextType, RequireFields<MutationUpdateSiteArgs, 'input'>>;
};

export type MutationRejectedResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['MutationRejected'] = ResolversParentTypes['MutationRejected']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
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
  conflictingFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  currentVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  expectedVersion?: Resolver<Maybe<ResolversTypes['Version']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  server?: Resolver<Maybe<ResolversTypes['Site']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SiteConnectionResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['SiteConnection'] = ResolversParentTypes['SiteConnection']> = {
  nodes?: Resolver<Array<ResolversTypes['Site']>, ParentType, ContextType>;
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
  changes?: Resolver<Array<ResolversTypes['Versioned']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['SyncCursor'], ParentType, ContextType>;
  hasMore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reset?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  tombstones?: Resolver<Array<ResolversTypes['Tombstone']>, ParentType, ContextType>;
};

export type TombstoneResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['Tombstone'] = ResolversParentTypes['Tombstone']> = {
  _version?: Resolver<ResolversTypes['Version'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['TombstoneReason'], ParentType, ContextType>;
  typename?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UpdateFindingPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateFindingPayload'] = ResolversParentTypes['UpdateFindingPayload']> = {
  finding?: Resolver<ResolversTypes['Finding'], ParentType, ContextType>;
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateFindingResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateFindingResult'] = ResolversParentTypes['UpdateFindingResult']> = {
  __resolveType: TypeResolveFn<'FindingConflict' | 'MutationRejected' | 'UpdateFindingPayload', ParentType, ContextType>;
};

export type UpdateInspectionPayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateInspectionPayload'] = ResolversParentTypes['UpdateInspectionPayload']> = {
  inspection?: Resolver<ResolversTypes['Inspection'], ParentType, ContextType>;
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateInspectionResultResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateInspectionResult'] = ResolversParentTypes['UpdateInspectionResult']> = {
  __resolveType: TypeResolveFn<'InspectionConflict' | 'MutationRejected' | 'UpdateInspectionPayload', ParentType, ContextType>;
};

export type UpdateSitePayloadResolvers<ContextType = OfflineContext, ParentType extends ResolversParentTypes['UpdateSitePayload'] = ResolversParentTypes['UpdateSitePayload']> = {
  mergedFields?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
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
