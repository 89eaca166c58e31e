import type { AssignedId, AssignedIds } from './assigned-ids.ts';
import type { MutationDescription } from './description.ts';
import type { Outbox } from './outbox.ts';
import type { MutationRecord } from './record.ts';

/** Finds in answers what the server calls the entities that were created under temporary ids. */
export interface ResolvedIds extends Pick<AssignedIds, 'translateRecord'> {
  /**
   * Takes the ids of acknowledged creates, durably. Resolves with the records whose id could not be made out, by record id, and why:
   * what names them cannot be sent. Rejects when storage fails.
   */
  take(acknowledged: readonly MutationRecord[]): Promise<ReadonlyMap<string, string>>;
  /**
   * The same for a record that another tab has had acknowledged, and has taken the id of: what waits here names it at once, or its edits
   * would come back on screen one by one, as that tab's news of them arrives.
   */
  note(acknowledged: MutationRecord): void;
}

export function createResolvedIds(
  assigned: AssignedIds,
  describes: (operationName: string) => Pick<MutationDescription, 'resolveId'>,
  outbox: Pick<Outbox, 'records' | 'mirror'>,
): ResolvedIds {
  const resolve = (record: MutationRecord): AssignedId => {
    const { resolveId } = describes(record.operationName);
    if (!resolveId) throw new TypeError(`expected mutations.${record.operationName}.resolveId, got nothing`);
    const id: unknown = resolveId({ [record.responseKey]: record.result });
    if ((typeof id !== 'string' || id === '') && !Number.isFinite(id)) throw new TypeError(`expected an id, got ${JSON.stringify(id)}`);
    return { temporary: record.entityId as string, assigned: String(id), sequence: record.sequence };
  };

  return {
    translateRecord: assigned.translateRecord,
    async take(acknowledged) {
      const found: AssignedId[] = [];
      const failed = new Map<string, string>();
      for (const record of acknowledged) {
        if (!isTemporary(record)) continue;
        try {
          found.push(resolve(record));
        } catch (error) {
          failed.set(record.id, String(error));
        }
      }
      if (found.length > 0) await assigned.assign(found);
      return failed;
    },
    note(acknowledged) {
      if (!isTemporary(acknowledged)) return;
      try {
        assigned.note(resolve(acknowledged));
      } catch {
        // It is in storage all the same, and read from there at the next start.
        return;
      }
      // What waits is named anew where nobody waits for the answer any more.
      outbox.mirror(acknowledged.id, acknowledged);
      for (const record of outbox.records()) {
        if (record.state === 'sending' || record.state === 'acknowledged') continue;
        const named = assigned.translateRecord(record);
        if (named !== record) outbox.mirror(record.id, named);
      }
    },
  };
}

function isTemporary(record: MutationRecord): boolean {
  return record.temporaryId === true && record.entityId !== null;
}
