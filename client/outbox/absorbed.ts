import type { OfflineManifest } from '../../schema/manifest.ts';
import type { MutationRecord } from './record.ts';

/** The records that stand for themselves. Storage may still have others: they are part of one of these since just before a crash. */
export function withoutAbsorbed(stored: readonly MutationRecord[]): readonly MutationRecord[] {
  const absorbed = new Set(stored.flatMap((record) => record.absorbed ?? []));
  return absorbed.size === 0 ? stored : stored.filter(({ id }) => !absorbed.has(id));
}

/** Ends what a crash has left half done, before anything is sent: the record that keeps them from being read may go. */
export async function removeAbsorbed(outbox: {
  records(): readonly MutationRecord[];
  read(id: string): Promise<unknown>;
  remove(id: string): Promise<void>;
}): Promise<void> {
  for (const id of outbox.records().flatMap((record) => record.absorbed ?? [])) if (await outbox.read(id)) await outbox.remove(id);
}

/** What the callers of one record are told when the record that it has become part of is acknowledged. */
export function answerTo(record: MutationRecord, settled: MutationRecord, manifest: OfflineManifest | null): unknown {
  const [own, other] = [manifest?.mutations[record.field], manifest?.mutations[settled.field]];
  const result = settled.result as Readonly<Record<string, unknown>> | null;
  if (record.field === settled.field || !own || !other || result === null) return result;
  return { __typename: own.payload, mergedFields: [], [own.entity]: result[other.entity] ?? null };
}
