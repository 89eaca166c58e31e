import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type PostgresStoreOptions, postgresStore, type Store } from '../../server/index.ts';

/** Stores in schemas of their own, and one clean-up for all. */
export function createSchemas(connectionString: string) {
  const schemas = new Set<string>();
  const newSchema = (): string => {
    const schema = `farside_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
    schemas.add(schema);
    return schema;
  };
  return {
    newSchema,
    store: (options: Omit<PostgresStoreOptions, 'connectionString' | 'pool'> = {}): Store =>
      postgresStore({ connectionString, schema: newSchema(), connections: 5, ...options }),
    async remove() {
      const client = new pg.Client({ connectionString });
      await client.connect();
      for (const schema of schemas) await client.query(`drop schema if exists "${schema}" cascade`);
      await client.end();
    },
  };
}
