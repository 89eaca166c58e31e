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

export function createWriteGroup(deps: {
  /** Rejects when nothing can be written at all: then nobody waits for each to find that out. */
  readonly ready: () => Promise<void>;
  /** All or nothing. False: it cannot now; rejected: one of them failed. Then each goes alone. */
  readonly together: (writes: readonly Write[]) => Promise<boolean>;
  readonly alone: (write: Write) => Promise<void>;
}): WriteGroup {
  const { ready, together, alone } = deps;
  let tail: Promise<unknown> = Promise.resolve();
  let group: { readonly writes: Write[]; readonly results: Promise<readonly PromiseSettledResult<void>[]> } | null = null;

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    // What comes from now on comes after it, and may not join what comes before.
    group = null;
    const done = tail.then(run);
    tail = done.catch(() => undefined);
    return done;
  };

  const carryOut = async (writes: readonly Write[]): Promise<readonly PromiseSettledResult<void>[]> => {
    const [opened] = await Promise.allSettled([ready()]);
    if (opened.status === 'rejected') return writes.map(() => opened);
    const areDone = await together(writes).catch(() => false);
    if (areDone) return writes.map(() => ({ status: 'fulfilled', value: undefined }));
    // The one that fails must not keep out the others, and a later write of a key stays the later one.
    const results: PromiseSettledResult<void>[] = [];
    for (const write of writes) results.push(...(await Promise.allSettled([alone(write)])));
    return results;
  };

  const open = () => {
    const writes: Write[] = [];
    const results = inTurn(async () => {
      // Whoever comes while the ones before are still being written goes with these.
      if (group?.writes === writes) group = null;
      return carryOut(writes);
    });
    return { writes, results };
  };

  return {
    inTurn,
    settled: async () => void (await tail),
    async write(write) {
      const joined = group ?? open();
      group = joined;
      const at = joined.writes.push(write) - 1;
      const result = (await joined.results)[at];
      if (result?.status === 'rejected') throw result.reason;
    },
  };
}
