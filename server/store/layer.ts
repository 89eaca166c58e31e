/** Tables of keys and values, of which a transaction sees its own changes over those below. `undefined` is "not there". */
export interface Layer {
  get(table: string, key: string): unknown;
  set(table: string, key: string, value: unknown): void;
  keys(table: string): Iterable<string>;
  values(table: string): Iterable<unknown>;
  /** Writes this layer's changes into the one below. */
  settle(): void;
}

/** A layer over `below`, or the ground. */
export function createLayer(below: Layer | null): Layer {
  const tables = new Map<string, Map<string, unknown>>();
  const own = (table: string): Map<string, unknown> => {
    let entries = tables.get(table);
    if (entries === undefined) {
      entries = new Map();
      tables.set(table, entries);
    }
    return entries;
  };
  const keys = function* (table: string): Iterable<string> {
    const entries = tables.get(table);
    if (below !== null) for (const key of below.keys(table)) if (entries === undefined || !entries.has(key)) yield key;
    for (const [key, value] of entries ?? []) if (value !== undefined) yield key;
  };
  const get = (table: string, key: string): unknown => {
    const entries = tables.get(table);
    return entries?.has(key) ? entries.get(key) : below?.get(table, key);
  };
  return {
    get,
    set(table, key, value) {
      if (below === null && value === undefined) own(table).delete(key);
      else own(table).set(key, value);
    },
    keys,
    *values(table) {
      for (const key of keys(table)) yield get(table, key);
    },
    settle() {
      for (const [table, entries] of tables) for (const [key, value] of entries) below?.set(table, key, value);
    },
  };
}
