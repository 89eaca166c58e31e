import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { StartProblem } from './problem.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What the built app is made of: a change here makes the build stale. */
const SOURCES = ['demo/app', 'demo/generated', 'demo/vite.config.ts', 'client', 'schema', 'package-lock.json'];
/** Where the built app stands. */
export const DIST = join(ROOT, 'demo/dist');

/** Builds the app unless the last build is newer than everything it was made of. */
export async function buildIfStale(say: (line: string) => void): Promise<void> {
  if (isFresh()) return;
  say('Building the app …');
  // Built aside and moved: a start that is interrupted, or one beside it, never meets half a build.
  const fresh = `${DIST}-${process.pid}`;
  try {
    await runVite(['build', '--config', join(ROOT, 'demo/vite.config.ts'), '--logLevel', 'warn', '--outDir', fresh]);
    rmSync(DIST, { recursive: true, force: true });
    renameSync(fresh, DIST);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (isFresh()) return;
    throw new StartProblem('BUILD_FAILED', 'The app could not be built; npm run build:demo shows why.', { cause: error });
  }
}

/** In a process of its own: NODE_ENV decides which React is built in, whatever it is here. */
async function runVite(args: readonly string[]): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  await promisify(execFile)(process.execPath, [vite, ...args], { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production' } });
}

function isFresh(): boolean {
  const index = join(DIST, 'index.html');
  if (!existsSync(index)) return false;
  const built = statSync(index).mtimeMs;
  return SOURCES.every((source) => newest(join(ROOT, source)) <= built);
}

/** The youngest change in a tree. Folders count too: their time moves when a file in them is removed. */
function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stats.mtimeMs);
}
