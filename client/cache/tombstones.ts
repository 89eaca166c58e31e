import { isObject } from '../../schema/shape.ts';
import type { Version } from '../../schema/version.ts';

/** What has been taken away, by cache id, until it comes again: deleted, or not this user's to see any more. */
export interface Tombstones {
  /** The version at which it went; an answer older than that does not bring it back (I8). `null`: unknown. */
  versionOf(id: string): Version | null | undefined;
  /** There is nothing for this user under this id: not even what the server keeps of what was deleted. */
  isHidden(id: string): boolean;
  set(id: string, version: Version | null, isHidden: boolean): void;
  delete(id: string): void;
  /** The latest that are hidden, to be stored with the checkpoint; absent: there are none. */
  stored(): { readonly hidden?: Readonly<Record<string, Version | null>> };
  /** As an earlier start has stored them; whatever else a checkpoint holds is passed over. */
  restore(checkpoint: unknown): void;
  clear(): void;
}

/** Remembered for the session, the latest this many; and stored. */
const MOST = 10_000;
const MOST_STORED = 200;

export function createTombstones(): Tombstones {
  const gone = new Map<string, { readonly version: Version | null; readonly isHidden: boolean }>();
  const set = (id: string, version: Version | null, isHidden: boolean): void => {
    gone.delete(id);
    gone.set(id, { version, isHidden });
    if (gone.size > MOST) gone.delete(gone.keys().next().value as string);
  };
  return {
    versionOf: (id) => gone.get(id)?.version,
    isHidden: (id) => gone.get(id)?.isHidden === true,
    set,
    delete: (id) => void gone.delete(id),
    stored() {
      const hidden = [...gone].flatMap(([id, { version, isHidden }]) => (isHidden ? [[id, version] as const] : []));
      return hidden.length === 0 ? {} : { hidden: Object.fromEntries(hidden.slice(-MOST_STORED)) };
    },
    restore(checkpoint) {
      const stored = isObject(checkpoint) && isObject(checkpoint.hidden) ? checkpoint.hidden : {};
      for (const [id, version] of Object.entries(stored)) if (!gone.has(id) && isVersionOrNull(version)) set(id, version, true);
    },
    clear: () => gone.clear(),
  };
}

const isVersionOrNull = (value: unknown): value is Version | null =>
  value === null || typeof value === 'number' || typeof value === 'string';
