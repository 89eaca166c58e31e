import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServer {
  readonly url: string;
  /** Ids of all notes, in the order in which they were committed. */
  notes(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Yoga and SQLite in a process and a database of their own. */
export async function runServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'farside-bench-'));
  const script = new URL('server.ts', import.meta.url).pathname;
  const child = fork(script, [join(folder, 'bench.db')], { execArgv: ['--import', 'tsx'] });
  const [port] = (await once(child, 'message')) as [number];
  const url = `http://localhost:${port}/graphql`;
  const ask = async <T>(query: string, variables: object): Promise<T> => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await response.json()) as { readonly data: T }).data;
  };
  // Nobody measures how long a new process takes to find its feet.
  for (let turn = 0; turn < 50; turn++) await ask('{ notes(first: 1) { nodes { id } } }', {});

  return {
    url,
    async notes() {
      const ids: string[] = [];
      for (let since: string | null = null, hasMore = true; hasMore; ) {
        const { sync }: Page = await ask(
          'query ($since: SyncCursor) { sync(since: $since, limit: 1000) { changes { id } cursor hasMore } }',
          {
            since,
          },
        );
        ids.push(...sync.changes.map(({ id }) => id));
        since = sync.cursor;
        hasMore = sync.hasMore;
      }
      return ids;
    },
    async close() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Page {
  readonly sync: { readonly changes: readonly { readonly id: string }[]; readonly cursor: string; readonly hasMore: boolean };
}
