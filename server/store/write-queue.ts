import { type Awaitable, isPromise } from '../steps.ts';

/** What the queue needs of an engine. Every call is synchronous: SQLite's are. */
export interface Transactions<Handle> {
  begin(): void;
  /** Answers what is to be told of it once it is durable. */
  commit(): () => void;
  /** Where `commit` does not wait for the disk: resolves when all that was committed is there. One at a time. */
  readonly flush?: (() => Promise<void>) | undefined;
  /** Undoes the whole transaction. Harmless when the engine has done so by itself. */
  rollback(): void;
  /** How many changes the open transaction has made. */
  changes(): number;
  /** Whether the transaction still stands: some failures (a full disk) make the engine undo it whole. */
  standing(): boolean;
  /** Runs a part that is undone alone when it throws. */
  part<T>(run: (handle: Handle) => Awaitable<T>): Awaitable<T>;
}

export interface WriteQueue<Handle> {
  write<T>(run: (handle: Handle) => Awaitable<T>): Promise<T>;
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
}

export interface WriteQueueOptions {
  /** Most writes that share a commit. More wait for the next one. */
  readonly groupSize: number;
  /**
   * Lets writers that arrive in the same turn of the event loop join the commit: waiting for the disk is the most expensive part,
   * and they can wait for it together. Not asked for every commit where the last ones had a single writer each.
   */
  readonly turn: () => Promise<void>;
}

/** After so many commits of a single writer each, a writer is not kept waiting for others; */
const LONE_COMMITS = 32;
/** but one in so many is, to see whether there are any. */
const LOOKING_OUT = 8;
/** As many as shared one of the last commits are waited for during so many turns: about 0.3 ms, and nothing else is there to be done. */
const GATHERING_TURNS = 64;
/** A commit of more changes than this is not waited with: it costs little beside them. */
const GATHERED_CHANGES = 16;
/** How soon it is forgotten how many there were, in writers per commit. */
const FORGETTING = 0.1;

interface Job<Handle> {
  readonly run: (handle: Handle) => Awaitable<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One writer at a time, in the order of calls; those that wait together share a commit. Nobody is answered before it is durable; the next
 * ones begin meanwhile.
 */
export function createWriteQueue<Handle>(transactions: Transactions<Handle>, options: WriteQueueOptions): WriteQueue<Handle> {
  const waiting: Job<Handle>[] = [];
  let isDraining = false;
  let drained = Promise.resolve();
  /** Until the disk has the last commit, or will never have it. */
  let flushing: Promise<void> | null = null;
  /** Tells whoever waits for the disk that another writer is there. */
  let arrived: (() => void) | null = null;
  /** Commits of a single writer since the last one that was shared. */
  let lone = 0;
  /** How many shared one of the last commits. Whoever has been answered comes again, as a rule, and soon. */
  let usual = 1;

  /** The next one of a group of so many, where somebody is there, or comes soon. */
  const next = async (count: number): Promise<Job<Handle> | undefined> => {
    // The disk is busy with the last commit: all who come meanwhile can share the next one.
    while (waiting.length === 0 && flushing !== null)
      await Promise.race([
        flushing,
        new Promise<void>((resolve) => {
          arrived = resolve;
        }),
      ]);
    const isWorthIt = count < usual && transactions.changes() < GATHERED_CHANGES;
    const most = isWorthIt ? GATHERING_TURNS : lone < LONE_COMMITS || lone % LOOKING_OUT === 0 ? 1 : 0;
    for (let turn = 0; turn < most && waiting.length === 0; turn += 1) await options.turn();
    return waiting.shift();
  };

  /** Runs waiting jobs inside an open transaction, and commits those whose work stands. */
  const runGroup = async (): Promise<void> => {
    const answers: { readonly settle: () => void; readonly job: Job<Handle> }[] = [];
    const reject = (error: unknown): void => {
      for (const { job } of answers) job.reject(error);
    };
    for (let count = 0; count < options.groupSize; count += 1) {
      const job = waiting.shift() ?? (await next(count));
      if (job === undefined) break;
      try {
        const answer = transactions.part(job.run);
        const value = isPromise(answer) ? await answer : answer;
        answers.push({ job, settle: () => job.resolve(value) });
      } catch (error) {
        job.reject(error);
        if (transactions.standing()) continue;
        return reject(error);
      }
    }
    lone = answers.length > 1 ? 0 : lone + 1;
    usual = Math.max(answers.length, usual - FORGETTING);
    if (flushing !== null) await flushing;
    let tell: () => void;
    try {
      tell = transactions.commit();
    } catch (error) {
      transactions.rollback();
      return reject(error);
    }
    const settle = (): void => {
      tell();
      for (const answer of answers) answer.settle();
    };
    if (transactions.flush === undefined) return settle();
    flushing = transactions
      .flush()
      .finally(() => {
        flushing = null;
      })
      .then(settle, reject);
  };

  const drain = async (): Promise<void> => {
    isDraining = true;
    while (waiting.length > 0) {
      try {
        transactions.begin();
      } catch (error) {
        waiting.shift()?.reject(error);
        continue;
      }
      await runGroup();
    }
    isDraining = false;
  };

  return {
    write<T>(run: (handle: Handle) => Awaitable<T>) {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
        arrived?.();
        if (!isDraining) drained = drain();
      });
    },
    async idle() {
      do {
        await drained;
        await flushing;
      } while (isDraining || flushing !== null);
    },
  };
}
