import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import { NO_TEXT, toColumn, toText } from './postgres-text.ts';
import type { Schema, SqlDialect } from './sql.ts';

const builder = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export function createPostgresDialect(schema: string): SqlDialect {
  return {
    builder: builder.withSchema(schema),
    toColumn,
    listHas: (column, item) => sql`${column} @> ${toColumn('json', item)}::jsonb`,
    // lower() folds ASCII only under the collation of our columns, as list.ts does.
    textHas: (column, part) =>
      sql`(${column} is not null and left(${column}, 2) not in (${sql.join(NO_TEXT.map((mark) => sql`${mark}`))})
        and strpos(lower(${column}), lower(${toText(part)}::text collate "C")) > 0)`,
  };
}
