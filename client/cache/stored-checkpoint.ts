import type { Storage } from '../ports.ts';
import { decodeEntry, decodeHead, entryKey, HEAD_KEY, journalPrefix, unlessDamaged } from './stored-cache.ts';

/**
 * The checkpoint that the next start will find, without the data that it stands for; `null`: none, or none of this schema. Damage to
 * that data is not seen here: the next start sees it, and begins anew.
 */
export async function readStoredCheckpoint(storage: Storage, schemaHash: string | null): Promise<unknown> {
  const head = decodeHead(await storage.get(HEAD_KEY).catch(unlessDamaged));
  if (!head.ok || head.value.schemaHash !== schemaHash) return null;
  const { generation } = head.value;
  const entries = new Map(await storage.entries(journalPrefix(generation)));
  let { checkpoint } = head.value;
  for (let sequence = 1; ; sequence++) {
    const entry = decodeEntry(entries.get(entryKey(generation, sequence)), generation, sequence);
    if (!entry.ok) return checkpoint;
    checkpoint = entry.value.checkpoint;
  }
}
