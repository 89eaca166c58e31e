import pg from 'pg';
import { afterAll, expect, inject, it } from 'vitest';
import { postgresStore } from '../../../server/index.ts';
import { createSchemas } from '../postgres.ts';
import { createWorld } from '../world.ts';

const connectionString = inject('postgresUrl') ?? '';
const schemas = createSchemas(connectionString);
afterAll(() => schemas.remove());

it('a document asks for the rows and the leases of all its fields together', async () => {
  const pool = new pg.Pool({ connectionString, max: 5 });
  let statements: string[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        statements.push(JSON.stringify(args[0]));
        return query(...args);
      },
    });
  });
  const world = createWorld(postgresStore({ pool, schema: schemas.newSchema() }));
  const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
  const create = ids.map((id) => `${id}: createTodo(input: { id: "${id}", title: "a", tags: [] }) { __typename }`);
  const update = ids.map((id) => `${id}: updateTodo(input: { id: "${id}", _version: 1, title: "b" }) { __typename }`);
  const idsFrom = (first: number) => Object.fromEntries(ids.map((id, index) => [id, first + index]));
  await world.deliver(`mutation { ${create.join(' ')} }`, idsFrom(1));
  statements = [];
  const { outcomes } = await world.deliver(`mutation { ${update.join(' ')} }`, idsFrom(100));
  expect(new Set(Object.values(outcomes))).toEqual(new Set(['applied']));
  const of = (part: string): number => statements.filter((text) => text.includes(part)).length;
  expect([of('for update'), of('farside_lease'), of('nextval')]).toEqual([1, 1, 20]);
  await world.store.close();
  await pool.end();
});
