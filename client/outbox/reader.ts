import { type Deploy, isOfNewer, type Migrate } from './migration.ts';
import { decodeRecord, type MutationRecord } from './record.ts';

/** A stored value that is not sent: it stays where it is, untouched, until a release comes that can read it or its owner clears it. */
export interface QuarantinedRecord {
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

/** From what storage holds to the records of this deploy. */
export interface Reader {
  /** Null: it is left alone, and listed. */
  read(key: string, value: unknown): MutationRecord | null;
  /** Storage has these keys and no others. */
  keep(keys: ReadonlySet<string>): void;
  quarantined(): readonly QuarantinedRecord[];
  /** Records that stand in storage in an older form than the one that was last read. */
  takeMigrated(): readonly string[];
}

export function createReader(
  deps: {
    readonly migrate: Migrate;
    /** With the attempts that are written down elsewhere. */
    readonly counted: (record: MutationRecord) => MutationRecord;
    readonly onEvent: (event: Omit<QuarantinedRecord, 'value'>) => void;
  },
  options: { readonly owner: string | null; readonly deploy: Deploy },
): Reader {
  const { migrate, counted, onEvent } = deps;
  const { owner, deploy } = options;
  const quarantine = new Map<string, QuarantinedRecord>();
  const migrated = new Set<string>();

  const leave = (key: string, code: QuarantinedRecord['code'], message: string, value: unknown): null => {
    onEvent({ code, message, key });
    quarantine.set(key, Object.freeze({ key, code, message, value: code === 'WRONG_OWNER' ? null : value }));
    return null;
  };

  return {
    read(key, value) {
      const decoded = decodeRecord(value);
      if (!decoded.ok) return leave(key, decoded.code, decoded.message, value);
      const record = counted(decoded.record);
      if (record.owner !== owner) return leave(key, 'WRONG_OWNER', 'a record of another owner; it is not sent', value);
      if (isOfNewer(record, deploy)) {
        const message = `made by version ${record.appVersion} of the app for another schema, this is ${deploy.appVersion}; left untouched, load the page again`;
        return leave(key, 'RECORD_NEWER', message, value);
      }
      quarantine.delete(key);
      const current = migrate(record);
      if (current !== record && current.state !== 'dead') migrated.add(record.id);
      return current;
    },
    keep(keys) {
      for (const key of [...quarantine.keys()]) if (!keys.has(key)) quarantine.delete(key);
    },
    quarantined: () => [...quarantine.values()],
    takeMigrated() {
      const ids = [...migrated];
      migrated.clear();
      return ids;
    },
  };
}
