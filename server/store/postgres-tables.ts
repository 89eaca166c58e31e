/** The store's own tables, in the schema that it was given. */
export interface OwnTables {
  readonly meta: string;
  readonly type: string;
  readonly epoch: string;
  readonly change: string;
  readonly past: string;
  readonly client: string;
  readonly result: string;
  readonly lease: string;
  readonly tombstone: string;
  /** The sequence of numbers in the change log. */
  readonly number: string;
  /** Where commits are told of. */
  readonly channel: string;
  /** The table of a type. */
  readonly of: (typename: string) => string;
}

/** GraphQL names have no quotes in them; this is against SQL's reserved words and for upper case. */
export const quote = (name: string): string => `"${name}"`;

export function ownTables(schema: string): OwnTables {
  const of = (name: string): string => `${quote(schema)}.${quote(name)}`;
  return {
    meta: of('farside_meta'),
    type: of('farside_type'),
    epoch: of('farside_epoch'),
    change: of('farside_change'),
    past: of('farside_past'),
    client: of('farside_client'),
    result: of('farside_result'),
    lease: of('farside_lease'),
    tombstone: of('farside_tombstone'),
    number: of('farside_number'),
    channel: `farside_${schema}`,
    of,
  };
}

/** Of everything that was committed, what no transaction that still runs can come before. */
export const BOUND = 'pg_snapshot_xmin(pg_current_snapshot())';
