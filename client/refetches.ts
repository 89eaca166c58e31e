/** Names of queries to fetch again when the outbox is empty. */
export interface Refetches {
  note(names: readonly string[] | undefined): void;
  /** Each name once; then it is forgotten. */
  take(): readonly string[];
}

export function createRefetches(): Refetches {
  const noted = new Set<string>();
  return {
    note(names) {
      for (const name of names ?? []) noted.add(name);
    },
    take() {
      const names = [...noted];
      noted.clear();
      return names;
    },
  };
}
