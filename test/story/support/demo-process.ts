import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What `npm start` runs, without npm between us and the process: a SIGKILL must reach the server itself. */
const START = ['--import', 'tsx', 'demo/start.ts'];

export interface DemoProcess {
  readonly pid: number;
  /** Everything that it has printed so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** The URL that it printed. Rejects with the output when it ends before it prints one. */
  readonly url: Promise<string>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  send(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface DemoOptions {
  readonly dataDirectory: string;
  /** Default 0: the system chooses. */
  readonly port?: number | string;
  /** Default: none, whatever the tests themselves use. */
  readonly databaseUrl?: string;
  /** Default 0. */
  readonly drainMs?: number | string;
  /** Default: the server alone, by Node. */
  readonly command?: readonly [string, ...string[]];
}

/** Starts the demo as its own process, as a person at a terminal does. */
export function startDemoProcess({
  dataDirectory,
  port = 0,
  databaseUrl = '',
  drainMs = 0,
  command = [process.execPath, ...START],
}: DemoOptions): DemoProcess {
  const [file, ...args] = command;
  // Of its own process group, so that a signal to the group is what Ctrl-C is: it reaches npm and all that npm started.
  const child = spawn(file, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: dataDirectory,
      DATABASE_URL: databaseUrl,
      DRAIN_MS: String(drainMs),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  const exited = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }));
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
      const found = /Farside demo: (\S+)/.exec(output.stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    void exited.then(({ code }) =>
      reject(new Error(`the demo ended with code ${code} before it was up:\n${output.stdout}${output.stderr}`)),
    );
  });
  url.catch(() => undefined);
  const pid = pidOf(child);
  const endWithUs = (): void => void process.kill(-pid, 'SIGKILL');
  process.once('exit', endWithUs);
  void exited.then(() => process.off('exit', endWithUs));

  const send = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, signal);
  };

  return {
    pid,
    output,
    url,
    exited,
    send,
    async end(signal) {
      send(signal);
      await exited;
    },
  };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('expected the demo process to start, got no process id');
  return pid;
}
