import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  const { build } = await import('vite');
  // Built aside and moved: a start that is interrupted, or one beside it, never meets half a build.
  const fresh = `${DIST}-${process.pid}`;
  try {
    await build({ configFile: join(ROOT, 'demo/vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } });
    rmSync(DIST, { recursive: true, force: true });
    renameSync(fresh, DIST);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (isFresh()) return;
    throw new StartProblem('BUILD_FAILED', `The app could not be built: ${firstLine(error)}. Run npm run build:demo to see all of it`, { cause: error });
  }
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

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]?.replace(/:$/, '') ?? '';
