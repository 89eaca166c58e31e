/** One put (`value` given) or removal. */
export interface Write {
  readonly key: string;
  readonly value?: unknown;
}

/** Carries out the writes of one turn in one go, where each would cost a transaction of its own. */
export interface WriteGroup {
  write(write: Write): Promise<void>;
  /** Resolves when everything asked for before has ended, well or not: whoever reads then reads it. */
  settled(): Promise<void>;
  /** Runs something else that writes, after all that came before and before all that comes later. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
}

/** A transaction that is filled while its writes are still being made. */
export interface Batch {
  /** Never throws: `commit` tells. */
  add(writes: readonly Write[]): void;
  /** All or nothing; rejected: nothing was written. */
  commit(): Promise<void>;
}

/** As many go to the engine at once. It works on those in its own process while the next are made; one by one would cost more than that saves. */
const PART = 128;

interface Group {
  readonly writes: Write[];
  /** How many of them are in the batch. */
  begun: number;
  batch: Batch | null;
  readonly results: Promise<readonly PromiseSettledResult<void>[]>;
}

export function createWriteGroup(deps: {
  /** Rejects when nothing can be written at all: then nobody waits for each to find that out. */
  readonly ready: () => Promise<void>;
  /** A transaction to fill from now until the end of this turn, if one can be had without waiting. */
  readonly begin: () => Batch | null;
  /** All or nothing. False: it cannot now; rejected: one of them failed. Then each goes alone. */
  readonly together: (writes: readonly Write[]) => Promise<boolean>;
  readonly alone: (write: Write) => Promise<void>;
}): WriteGroup {
  const { ready, begin, together, alone } = deps;
  let tail: Promise<unknown> = Promise.resolve();
  /** How many turns have not ended. */
  let turns = 0;
  let group: Group | null = null;

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    // What comes from now on comes after it, and may not join what comes before.
    group = null;
    turns += 1;
    const done = tail.then(run).finally(() => {
      turns -= 1;
    });
    tail = done.catch(() => undefined);
    return done;
  };

  const carryOut = async ({ writes, begun, batch }: Group): Promise<readonly PromiseSettledResult<void>[]> => {
    batch?.add(writes.slice(begun));
    const isWritten = await batch?.commit().then(
      () => true,
      () => false,
    );
    if (isWritten) return writes.map(() => ({ status: 'fulfilled', value: undefined }));
    const [opened] = await Promise.allSettled([ready()]);
    if (opened.status === 'rejected') return writes.map(() => opened);
    const areDone = batch === null && (await together(writes).catch(() => false));
    if (areDone) return writes.map(() => ({ status: 'fulfilled', value: undefined }));
    // The one that fails must not keep out the others, and a later write of a key stays the later one.
    const results: PromiseSettledResult<void>[] = [];
    for (const write of writes) results.push(...(await Promise.allSettled([alone(write)])));
    return results;
  };

  const open = (): Group => {
    const results: Group['results'] = inTurn(async () => {
      // Whoever comes while the ones before are still being written goes with these.
      if (group === opened) group = null;
      return carryOut(opened);
    });
    const opened: Group = { writes: [], begun: 0, batch: null, results };
    return opened;
  };

  return {
    inTurn,
    settled: async () => void (await tail),
    async write(write) {
      const joined = group ?? open();
      group = joined;
      const { writes } = joined;
      const at = writes.push(write) - 1;
      // Only behind no other turn than its own.
      if (writes.length - joined.begun === PART && turns === 1) {
        joined.batch ??= begin();
        joined.batch?.add(writes.slice(joined.begun));
        joined.begun = writes.length;
      }
      const result = (await joined.results)[at];
      if (result?.status === 'rejected') throw result.reason;
    },
  };
}
