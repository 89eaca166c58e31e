import { OfflineError } from '../errors.ts';
import type { Cancel } from '../ports.ts';
import { type DraftContext, draftRecords, type MutationCall } from './draft.ts';
import { EVERYTHING } from './lane-keys.ts';
import type { Outbox } from './outbox.ts';
import { isPending, type MutationRecord } from './record.ts';

/**
 * When a mutation past the outbox may go: never before what is queued for an entity or an ordering key that it names, or for what nobody
 * knows. Of what names none (a sign-in) nobody knows what it should wait for, so it waits for nothing; nor does it for what waits for a
 * person.
 * Null: at once. The promise rejects with `OFFLINE` where there is no network to empty its lane.
 */
export type LiveTurn = (call: MutationCall) => Promise<void> | null;

export function createLiveTurn(deps: {
  readonly isLoaded: () => boolean;
  /** Resolves once the stored records have been read; rejects where nobody reads them. */
  readonly loaded: () => Promise<void>;
  readonly outbox: Pick<Outbox, 'records' | 'counts' | 'subscribe'>;
  readonly draft: DraftContext;
  readonly online: () => boolean;
  /** Hears of changes of the connection. */
  readonly onConnection: (listener: () => void) => Cancel;
}): LiveTurn {
  const { isLoaded, loaded, outbox, online, onConnection } = deps;
  // It is never stored: it takes neither a number nor a place, and nothing will name what it creates by another id.
  const draft: DraftContext = {
    ...deps.draft,
    nextMutationId: () => 0,
    nextSequence: () => Number.MAX_SAFE_INTEGER,
    describes(operationName) {
      const { resolveId: _, ...said } = deps.draft.describes(operationName);
      return said;
    },
  };

  const turn: LiveTurn = (call) => {
    if (!isLoaded()) {
      return loaded().then(
        // After the end of a session nothing is sent from its outbox, so there is nothing to wait for.
        () => (isLoaded() ? (turn(call) ?? undefined) : undefined),
        () => undefined,
      );
    }
    if (outbox.counts.pending === 0) return null;
    const own = draftRecords(call, draft);
    const queued = outbox.records().filter((record) => isPending(record) && own.some((each) => isBefore(record, each)));
    const before = new Map(queued.map((record) => [record.id, record]));
    if (before.size === 0) return null;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [next] = before.values();
        if (next && online()) return;
        for (const stop of stops) stop();
        if (!next) return resolve();
        const name = own[0]?.operationName ?? 'mutation';
        const message = `${name} was not sent: ${next.operationName} is queued before it, and there is no network; queue it too, or try again`;
        reject(new OfflineError('OFFLINE', message, { recordId: next.id }));
      };
      const gone = outbox.subscribe(({ id, after }) => {
        if ((after && isPending(after)) || !before.delete(id)) return;
        if (before.size === 0) look();
      });
      const stops: readonly Cancel[] = [gone, onConnection(look)];
      look();
    });
  };
  return turn;
}

function isBefore(queued: MutationRecord, live: MutationRecord): boolean {
  const shares = (keys: readonly string[], others: readonly string[]): boolean =>
    keys.some((key) => key !== EVERYTHING && others.includes(key));
  // As in the outbox: what may be about anything may be about that.
  if (queued.writes.includes(EVERYTHING) && !live.writes.includes(EVERYTHING)) return true;
  return shares(queued.writes, live.writes) || shares(queued.writes, live.reads) || shares(queued.reads, live.writes);
}
