import { resolve } from 'node:path';
import { StartProblem } from './problem.ts';

export interface DemoConfig {
  /** Interface to listen on. Default `localhost`: reachable from this machine alone. */
  readonly host: string;
  /** TCP port; 0 lets the system choose. Default 4000. */
  readonly port: number;
  /** Folder of the databases; made if missing. Default `.data` in the working directory. */
  readonly dataDirectory: string;
  /** `postgres://…`: everything is kept there, and any number of servers may share it. Default `null`: in `dataDirectory`. */
  readonly databaseUrl: string | null;
  /**
   * Milliseconds between the signal to stop and the end of listening, while `/readyz` says 503: as long as whoever hands requests out
   * needs to notice. Default 0: nobody else is there.
   */
  readonly drainMs: number;
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  return {
    host: given(env.HOST) ?? 'localhost',
    port: readPort(given(env.PORT)),
    dataDirectory: resolve(given(env.DATA_DIR) ?? '.data'),
    databaseUrl: readDatabaseUrl(given(env.DATABASE_URL)),
    drainMs: readDrain(given(env.DRAIN_MS)),
  };
}

function readDatabaseUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^postgres(ql)?:\/\/./.test(text))
    throw new StartProblem(
      'BAD_CONFIG',
      'DATABASE_URL: expected postgres://user:password@host:port/database, got something else; leave it out to use SQLite',
    );
  return text;
}

function readDrain(text: string | undefined): number {
  const ms = Number(text ?? 0);
  if (!/^\d+$/.test(text ?? '0') || ms > 60_000)
    throw new StartProblem('BAD_CONFIG', `DRAIN_MS: expected milliseconds from 0 to 60000, got ${JSON.stringify(text)}`);
  return ms;
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 4000;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartProblem(
      'BAD_CONFIG',
      `PORT: expected a whole number from 0 to 65535, got ${JSON.stringify(text)}; try PORT=4000 npm start`,
    );
  }
  return port;
}

/** `PORT= npm start` means the default, as with most shells' tools. */
const given = (value: string | undefined): string | undefined => (value === undefined || value.trim() === '' ? undefined : value.trim());
