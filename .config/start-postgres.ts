import type { TestProject } from 'vitest/node';
import { startPostgres } from '../test/harness/postgres.ts';

/** One PostgreSQL server per test run, or the one that DATABASE_URL names. */
export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return async () => undefined;
  }
  const postgres = await startPostgres();
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
