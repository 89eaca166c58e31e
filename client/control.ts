import type { OfflineManifest } from '../schema/manifest.ts';
import { type Resolution, resolveParked } from './conflict/resolve.ts';
import type { RuleOf } from './conflict/strategies.ts';
import { OfflineError } from './errors.ts';
import type { EditClock } from './outbox/edit-clock.ts';
import { edited, mayBeApplied, withReferences } from './outbox/edited.ts';
import { type FlushReport, watchFlush } from './outbox/flush-report.ts';
import type { Deploy } from './outbox/migration.ts';
import type { Outbox } from './outbox/outbox.ts';
import { plainVariables } from './outbox/plain.ts';
import { holdsIdentity, isGenerated, type MutationRecord, underNoLease } from './outbox/record.ts';
import { type Identity, identify, requeue } from './outbox/requeue.ts';
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
    readonly editClock: EditClock;
    readonly ruleOf: RuleOf;
    /** News for the tab whose caller waits, which may be another. */
    readonly failed: (record: MutationRecord, error: OfflineError) => void;
    /** The server's side of a conflict becomes what is on screen. */
    readonly showRemote: (record: MutationRecord) => void;
    readonly together: <T>(run: () => T) => T;
  },
  options: { readonly manifest: OfflineManifest | null; readonly deploy: Deploy },
): Control {
  const { outbox, tickets, drain, identity, editClock, ruleOf, failed, showRemote, together } = deps;
  const { manifest, deploy } = options;

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
  /** A person has decided, here and now: no deadline is left, no migration, and no lease. */
  const afresh = (record: MutationRecord): MutationRecord => requeue({ ...underNoLease(record), ...deploy, expiresAt: null });
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
      drain.hurry();
    },
    async edit(id, variables) {
      const record = find(id);
      if (record.state === 'sending')
        throw new OfflineError('INVALID_OPERATION', `record ${id} is being sent; edit it when the attempt is over`, { recordId: id });
      // Another tab may be sending it.
      const { attempts = 0 } = (await outbox.read(id)) ?? {};
      // What was done to it here meanwhile is part of it.
      const current = find(id);
      const sent = { ...current, attempts: Math.max(current.attempts, attempts) };
      const next = { ...edited(sent, variables, manifest), ...(sent.clock === undefined ? {} : { clock: editClock() }) };
      // Of a generated mutation a second write finds the first by its version. Of another one only the key can tell that it was applied.
      await put(afresh(mayBeApplied(sent) && !isGenerated(sent) ? { ...next, edits: (sent.edits ?? 0) + 1 } : identify(next, identity)));
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
      if (record.state !== 'conflict')
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
      drain.hurry();
      await drain.idle();
      return report();
    },
  };
}
