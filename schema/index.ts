export type { SchemaSource } from './ast.ts';
export { plugin } from './codegen-plugin.ts';
export { lintConventions } from './conventions.ts';
export { equal } from './equal.ts';
export { type ExpandedSchema, expandSchema } from './expand.ts';
export {
  type ConflictProfile,
  DEFAULT_PAGE_SIZE,
  DEFAULT_SYNC_LIMIT,
  inputName,
  MAX_PAGE_SIZE,
  payloadName,
  resultName,
} from './generated-sdl.ts';
export { clampClock, isHybridClock, tick } from './hybrid-clock.ts';
export {
  type Condition,
  compareRows,
  FILTER_OPERATORS,
  type Filter,
  MAX_FILTER_DEPTH,
  matches,
  type Order,
  type OrderDirection,
  type ReadField,
} from './list.ts';
export type { ManifestField, ManifestMutation, ManifestQuery, ManifestType, OfflineManifest } from './manifest.ts';
export {
  type ConflictRules,
  DEFERRED,
  type EntityTriple,
  MANUAL,
  type MergeContext,
  type Merged,
  type MergeFunction,
  type MergeInput,
  type MergeKnowledge,
  type MergeStrategy,
  mergeField,
  mergeFields,
  SUPPORTED_STRATEGIES,
  type TextMerge,
  type Triple,
} from './merge.ts';
export { offlineManifest } from './offline-manifest.ts';
export { OFFLINE_SDL } from './offline-sdl.ts';
export { describeProblem, type Problem, SchemaError } from './problem.ts';
export {
  ConflictCode,
  ErrorCode,
  EXTENSION,
  type FieldOutcome,
  type GeneratedNames,
  generatedNames,
  type MutationEntry,
  type OfflineRequest,
  type OfflineResponse,
  type ParseFailure,
  PROTOCOL_VERSION,
  parseOfflineRequest,
  RequestLimits,
  type TombstoneReason,
  VERSIONED_FIELDS,
} from './protocol.ts';
export { mergeText } from './text-merge.ts';
export { readVersionedTypes, type VersionedTypes } from './types.ts';
export {
  compareVersions,
  isVersion,
  nextVersion,
  SUPPORTED_VERSION_KINDS,
  type Version,
  type VersionKind,
  type VersionMaker,
  type VersionOrder,
} from './version.ts';
