import type { OfflineManifest } from '../schema/manifest.ts';
import { type Resolution, resolveParked } from './conflict/resolve.ts';
import { type Identity, identify, requeue } from './conflict/rewrite.ts';
import type { RuleOf } from './conflict/strategies.ts';
import { OfflineError } from './errors.ts';
import { parseDocument } from './outbox/document.ts';
import { referencesOf } from './outbox/draft.ts';
import { type FlushReport, watchFlush } from './outbox/flush-report.ts';
import { splitOperation } from './outbox/operation.ts';
import type { Outbox } from './outbox/outbox.ts';
import { plainVariables } from './outbox/plain.ts';
import { holdsIdentity, inputOf, type MutationRecord } from './outbox/record.ts';
import type { Tickets } from './outbox/tickets.ts';
import type { Drain } from './replay/drain.ts';
import { dependentsOf } from './replay/lanes.ts';

/** What people may do to records. Every method rejects with `OfflineError` `UNKNOWN_RECORD` for a record that is not there. */
export interface Control {
  retry(id: string): Promise<void>;
  edit(id: string, variables: Readonly<Record<string, unknown>>): Promise<void>;
  dependents(id: string): readonly MutationRecord[];
  discard(id: string): Promise<{ readonly discarded: readonly string[] }>;
  resolve(id: string, resolution: Resolution): Promise<void>;
  flush(): Promise<FlushReport>;
}

export function createControl(
  deps: {
    readonly outbox: Outbox;
    readonly tickets: Tickets;
    readonly drain: Drain;
    readonly identity: Identity;
    readonly ruleOf: RuleOf;
    /** News for the tab whose caller waits, which may be another. */
    readonly failed: (record: MutationRecord, error: OfflineError) => void;
    /** The server's side of a conflict becomes what is on screen. */
    readonly showRemote: (record: MutationRecord) => void;
    readonly together: <T>(run: () => T) => T;
  },
  options: { readonly manifest: OfflineManifest | null },
): Control {
  const { outbox, tickets, drain, identity, ruleOf, failed, showRemote, together } = deps;
  const { manifest } = options;

  const find = (id: string): MutationRecord => {
    const record = outbox.get(id);
    if (!record || record.state === 'acknowledged')
      throw new OfflineError('UNKNOWN_RECORD', `expected the id of a record in the outbox, got ${id}; it may have been sent or discarded`, {
        recordId: id,
      });
    return record;
  };
  const put = async (record: MutationRecord): Promise<void> => {
    await outbox.put(record);
    drain.wake();
  };
  /** A person has decided: no deadline is left. */
  const afresh = (record: MutationRecord): MutationRecord => requeue({ ...record, expiresAt: null });
  /** A write that the server may not have judged keeps its key: then a repeat is not a second write. */
  const again = (record: MutationRecord): MutationRecord => afresh(holdsIdentity(record) ? record : identify(record, identity));

  return {
    async retry(id) {
      const record = find(id);
      if (record.state === 'conflict')
        throw new OfflineError('INVALID_OPERATION', `record ${id} is a parked conflict; resolve it by offline.conflicts.resolve`, {
          recordId: id,
        });
      if (record.state === 'sending') return;
      await put(again(record));
    },
    async edit(id, variables) {
      const record = find(id);
      if (record.state === 'sending')
        throw new OfflineError('INVALID_OPERATION', `record ${id} is being sent; edit it when the attempt is over`, { recordId: id });
      await put(afresh(identify(edited(record, variables, manifest), identity)));
    },
    dependents: (id) => dependentsOf(outbox.records(), id),
    async discard(id) {
      const record = find(id);
      const gone = [record, ...dependentsOf(outbox.records(), id)];
      // Dependents first: if this is cut short, none of them stands without its ground.
      for (const each of [...gone].reverse()) {
        await outbox.remove(each.id);
        const error = new OfflineError('DISCARDED', `${each.operationName} was discarded before it was applied`, { recordId: each.id });
        tickets.fail(each.id, error);
        failed(each, error);
      }
      drain.wake();
      return { discarded: gone.map(({ id: each }) => each) };
    },
    async resolve(id, resolution) {
      const record = find(id);
      if (record.state !== 'conflict' || !manifest)
        throw new OfflineError('INVALID_OPERATION', `expected a parked conflict, got a record in state ${record.state}`, { recordId: id });
      let next: MutationRecord | null;
      try {
        next = resolveParked(record, 'value' in resolution ? { value: plainVariables(resolution.value) } : resolution, manifest, {
          ruleOf,
          identity,
        });
      } catch (cause) {
        throw new OfflineError('INVALID_OPERATION', cause instanceof Error ? cause.message : String(cause), { recordId: id, cause });
      }
      if (next) return put(withReferences(afresh(next), record, manifest));
      const removed = together(() => {
        showRemote(record);
        return outbox.remove(id);
      });
      await removed;
      drain.wake();
    },
    async flush() {
      const report = watchFlush(outbox);
      for (const record of outbox.records())
        if (record.state === 'queued' && record.nextAttemptAt !== null) outbox.note({ ...record, nextAttemptAt: null });
      await drain.idle();
      return report();
    },
  };
}

/**
 * The record with other variables, named as the record's own document names them. Base and identity of the entity stay: an edit
 * of an edit is still an edit of what its author first saw.
 */
function edited(record: MutationRecord, variables: Readonly<Record<string, unknown>>, manifest: OfflineManifest | null): MutationRecord {
  const [part] = splitOperation(parseDocument(record.document), { ...record.variables, ...plainVariables(variables) }, manifest);
  if (!part)
    throw new OfflineError('INVALID_OPERATION', `${record.operationName}: nothing is left of the mutation with these variables`, {
      recordId: record.id,
    });
  const input =
    record.inputVariable === null ? null : (part.variables[record.inputVariable] as Readonly<Record<string, unknown>> | undefined);
  if (record.inputVariable === null) return { ...record, variables: part.variables };
  if (typeof input !== 'object' || input === null)
    throw new OfflineError('INVALID_OPERATION', `expected an object in variable ${record.inputVariable}, got ${JSON.stringify(input)}`, {
      recordId: record.id,
    });
  const known =
    manifest && record.typename !== null
      ? new Set(['id', '_version', ...Object.values(manifest.types[record.typename]?.fields ?? {}).map((field) => field.input)])
      : null;
  const unknown = Object.keys(input).find((field) => known && !known.has(field));
  if (unknown !== undefined)
    throw new OfflineError('INVALID_OPERATION', `${record.typename} has no field ${unknown} that a mutation could set`, {
      recordId: record.id,
    });
  const version = (record.variables[record.inputVariable] as Readonly<Record<string, unknown>>)._version;
  const complete = { ...input, id: record.entityId, ...(version === undefined ? {} : { _version: version }) };
  // Whether the server has the version before this one is unknown, so what the editor saw is too: a sum would count it twice.
  const base = holdsIdentity(record) && record.attempts > 0 ? null : record.base;
  return withReferences({ ...record, base, variables: { ...part.variables, [record.inputVariable]: complete } }, record, manifest);
}

/** It waits for what its input refers to now, and for whatever else it waited for. */
function withReferences(record: MutationRecord, before: MutationRecord, manifest: OfflineManifest | null): MutationRecord {
  const old = referencesOf(before.typename, inputOf(before), manifest);
  const others = record.reads.filter((key) => !old.includes(key));
  return { ...record, reads: [...others, ...referencesOf(record.typename, inputOf(record), manifest)] };
}
