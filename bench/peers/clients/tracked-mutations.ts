import type { Observer } from '../contestant.ts';
import type { Disk } from '../disk.ts';

/** A mutation as it can be called again after a reload. */
export interface TrackedMutation {
  readonly document: string;
  readonly variables: Record<string, unknown>;
  readonly optimisticResponse: Record<string, unknown>;
}

/**
 * What stands in for the persistence that apollo-link-queue leaves to the app: every mutation is kept in storage from its call to
 * its answer, and called again at the start. The recipes keep the list as one value, in localStorage or by redux-persist.
 */
export interface TrackedMutations {
  all(): readonly TrackedMutation[];
  /** Once per token: a mutation that is called again after a reload stays where it is. */
  add(mutation: TrackedMutation): void;
  remove(token: string): void;
}

const KEY = 'trackedMutations';

export async function createTrackedMutations(disk: Disk, observer: Observer): Promise<TrackedMutations> {
  const list = new Map<string, TrackedMutation>();
  for (const mutation of JSON.parse((await disk.get(KEY)) ?? '[]') as readonly TrackedMutation[]) list.set(tokenOf(mutation), mutation);

  function save(): void {
    const tokens = [...list.keys()];
    void disk.set(KEY, JSON.stringify([...list.values()])).then(() => {
      for (const token of tokens) observer.stored(token);
    });
  }

  return {
    all: () => [...list.values()],
    add(mutation) {
      if (list.has(tokenOf(mutation))) return;
      list.set(tokenOf(mutation), mutation);
      save();
    },
    remove(token) {
      list.delete(token);
      save();
    },
  };
}

function tokenOf({ variables }: TrackedMutation): string {
  return String(variables.token);
}
