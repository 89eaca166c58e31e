import type { StoreObject } from '@apollo/client';
import { isCount, isNumber, isObject, isText, isTexts } from '../../schema/shape.ts';
import { OfflineError } from '../errors.ts';
import type { StoredTimes } from './usage.ts';

/**
 * What of the cache lies on disk, under keys of the caller's storage:
 *
 *   head                   which generation counts, and what it was made of; one put switches generations
 *   s/GENERATION/INDEX     the snapshot, in chunks; the first may hold what is on screen, and again in a later one what it is a part of
 *   j/GENERATION/SEQUENCE  the journal: one entry per flush, whole entities; one put, so it is there or it is not
 *   a/SEQUENCE             pages of changes that were pulled with no tab open, until a tab has taken them in
 *
 * A put is atomic and nothing spans two, so a crash between any two puts leaves the last flushed state.
 */
export const CACHE_CODEC = 1;
export const HEAD_KEY = 'head';
export const SNAPSHOT_PREFIX = 's/';
export const JOURNAL_PREFIX = 'j/';
export const AHEAD_PREFIX = 'a/';

/** Operation results pass through these on their way; nobody reads them later, so they are not stored. */
export const TRANSIENT: readonly string[] = ['ROOT_MUTATION', 'ROOT_SUBSCRIPTION'];

export type StoredEntities = Readonly<Record<string, StoreObject>>;

export interface Head {
  readonly codec: typeof CACHE_CODEC;
  readonly generation: number;
  readonly schemaHash: string | null;
  readonly chunks: number;
  /** Entities in all chunks. */
  readonly entities: number;
  /** The first chunk can be shown before the others are read. Absent: it cannot. */
  readonly beginsWithScreen?: boolean;
  /** Ids that `gc()` keeps. */
  readonly retained: readonly string[];
  readonly checkpoint: unknown;
}

export interface Chunk {
  readonly codec: typeof CACHE_CODEC;
  readonly generation: number;
  readonly entities: StoredEntities;
  /** Number of entities, so that a damaged chunk is noticed. */
  readonly size: number;
  /** How long they have been here, and who needed them; of an entry also others. Absent: nobody asks. */
  readonly times?: StoredTimes;
}

export interface JournalEntry extends Chunk {
  /** 1, 2, 3 … within the generation. */
  readonly sequence: number;
  readonly removed: readonly string[];
  readonly retained: readonly string[];
  readonly released: readonly string[];
  /** The checkpoint that this and all earlier entries bear out. */
  readonly checkpoint: unknown;
}

/** What the server answered to one sync query, ahead of the checkpoint. */
export interface StoredPage {
  readonly codec: typeof CACHE_CODEC;
  readonly schemaHash: string | null;
  /** The cursor that it goes on from, and the one that it leads to. */
  readonly since: unknown;
  readonly cursor: unknown;
  /** Entities and tombstones in it. */
  readonly size: number;
  /** `data` of the answer as JSON: half of it would be none. */
  readonly text: string;
  /** When it was fetched, in milliseconds since the Unix epoch. */
  readonly at: number;
}

export interface CacheEvent {
  /** `CACHE_UNREADABLE`, `CACHE_NEWER`, `CACHE_SCHEMA_CHANGED`, `CACHE_NOT_STORED`, `CACHE_NOT_READ`, `CACHE_DROPPED`, `CACHE_EVICTED`, `CACHE_NOT_EVICTED`. */
  readonly code: string;
  readonly key: string;
  readonly message: string;
}

export const chunkKey = (generation: number, index: number): string => `${SNAPSHOT_PREFIX}${padded(generation)}/${padded(index)}`;
export const journalPrefix = (generation: number): string => `${JOURNAL_PREFIX}${padded(generation)}/`;
export const entryKey = (generation: number, sequence: number): string => `${journalPrefix(generation)}${padded(sequence)}`;

export const aheadKey = (sequence: number): string => `${AHEAD_PREFIX}${padded(sequence)}`;

/** Keys sort as their numbers do. */
const padded = (value: number): string => String(value).padStart(10, '0');

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string; readonly message: string };

export function decodeHead(value: unknown): Decoded<Head> {
  return decode<Head>(
    value,
    'the head of a stored cache',
    (head) => isCount(head.generation) && isCount(head.chunks) && isTexts(head.retained),
  );
}

export function decodeChunk(value: unknown, generation: number): Decoded<Chunk> {
  return decode<Chunk>(value, `a chunk of generation ${generation}`, (chunk) => chunk.generation === generation && isWhole(chunk));
}

export function decodeEntry(value: unknown, generation: number, sequence: number): Decoded<JournalEntry> {
  return decode<JournalEntry>(
    value,
    `journal entry ${sequence} of generation ${generation}`,
    (entry) =>
      entry.generation === generation &&
      entry.sequence === sequence &&
      isWhole(entry) &&
      isTexts(entry.removed) &&
      isTexts(entry.retained) &&
      isTexts(entry.released) &&
      'checkpoint' in entry,
  );
}

export function decodePage(value: unknown): Decoded<StoredPage> {
  return decode<StoredPage>(
    value,
    'a page of changes',
    ({ since, cursor, size, text, at }) => since != null && cursor != null && isCount(size) && isText(text) && isNumber(at),
  );
}

/** A damaged value is read as what it is; whatever else fails may yet be read another time. */
export function unlessDamaged(error: unknown): unknown {
  if (OfflineError.is(error, 'UNKNOWN_FORMAT')) return error;
  throw error;
}

function decode<T extends { readonly codec: number }>(value: unknown, what: string, isSound: (value: Partial<T>) => boolean): Decoded<T> {
  const unreadable = (got: string): Decoded<T> => ({
    ok: false,
    code: 'CACHE_UNREADABLE',
    message: `expected ${what}, got ${got}; it is fetched again`,
  });
  if (OfflineError.is(value)) return { ok: false, code: 'CACHE_UNREADABLE', message: `${value.message}; it is fetched again` };
  if (!isObject(value)) return unreadable(value === null || value === undefined ? 'nothing' : typeof value);
  const codec = value.codec;
  if (typeof codec === 'number' && codec > CACHE_CODEC)
    return {
      ok: false,
      code: 'CACHE_NEWER',
      message: `expected codec ${CACHE_CODEC}, got ${codec}: written by a newer release; the cache is fetched again`,
    };
  if (codec !== CACHE_CODEC) return unreadable('a value of another origin');
  return isSound(value as Partial<T>) ? { ok: true, value: value as unknown as T } : unreadable('a damaged one');
}

function isWhole({ entities, size }: Partial<Chunk>): boolean {
  if (!isObject(entities)) return false;
  const values = Object.values(entities);
  return values.length === size && values.every(isObject);
}
