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
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): DemoConfig {
  return {
    host: given(env.HOST) ?? 'localhost',
    port: readPort(given(env.PORT)),
    dataDirectory: resolve(given(env.DATA_DIR) ?? '.data'),
    databaseUrl: readDatabaseUrl(given(env.DATABASE_URL)),
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
