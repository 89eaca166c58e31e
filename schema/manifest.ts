import type { MergeStrategy } from './merge.ts';
import type { VersionKind } from './version.ts';

/**
 * What the client needs to know about a schema, as plain JSON: written by the codegen plugin, read by createOffline.
 * With it optimistic results, lanes, conflict selection sets and merges need no hand-written code.
 */
export interface OfflineManifest {
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

export interface ManifestType {
  readonly version: VersionKind;
  /** Stored fields by *output* name, without those of `Versioned`. Fields with hand-written resolvers are not stored and not here. */
  readonly fields: Readonly<Record<string, ManifestField>>;
}

export interface ManifestField {
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

export interface ManifestMutation {
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

export interface ManifestQuery {
  readonly kind: 'entity' | 'list';
  readonly typename: string;
}
