import { accessSync, constants, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Everything that `chromium.launch()` and `launchPersistentContext()` of playwright-core need to know. */
export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/**
 * A Chromium to test with: `$CHROME`, one on the PATH, Playwright's own, or the one that npm has brought along.
 * @throws with what to install when there is none. Browser tests never skip in silence.
 */
export async function findChromium(): Promise<ChromiumLaunch> {
  const { CHROME } = process.env;
  if (CHROME !== undefined && CHROME !== '') {
    if (!isExecutable(CHROME)) throw new Error(`expected CHROME to name an executable, got "${CHROME}"; correct it or unset it`);
    return launch(CHROME);
  }
  const installed = onPath() ?? MAC_PATHS.find(isExecutable) ?? (await playwrightsOwn());
  if (installed !== undefined) return launch(installed);
  // The package holds one binary: Linux on x64.
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  throw new Error(
    'expected a Chrome or Chromium for the browser tests, found none; install one (for example by `npx playwright-core install chromium`), or set CHROME to its path',
  );
}

/** QUIC and background traffic go around `context.setOffline`; the sandbox does not start as root in a container. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC_PATHS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

function launch(executablePath: string, env: Record<string, string> = {}): ChromiumLaunch {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { executablePath, args: [...ARGS], env: { ...Object.fromEntries(own), ...env } };
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

async function playwrightsOwn(): Promise<string | undefined> {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return path !== '' && isExecutable(path) ? path : undefined;
}

/**
 * @sparticuz/chromium, unpacked once for all runs. It is made for a cloud function: it unpacks into the temporary folder, and its
 * libraries (a bare Debian has no NSS) only where it believes to be in that cloud. Its arguments are not taken: `--single-process`
 * leaves no service workers and no crashes to test.
 */
async function unpacked(): Promise<ChromiumLaunch> {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = require(join(root, 'package.json')) as { version: string };
  const home = join(tmpdir(), `farside-chromium-${version}`);
  if (!existsSync(home)) {
    const { default: packed } = await import('@sparticuz/chromium');
    const unfinished = mkdtempSync(`${home}-`);
    const restore = setEnv({ TMPDIR: unfinished, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
    try {
      await packed.executablePath();
    } finally {
      restore();
    }
    writeFileSync(join(unfinished, 'fonts.conf'), fontsConf(home));
    try {
      // Whole or not at all: several runs may be doing this at the same time.
      renameSync(unfinished, home);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    }
  }
  const libraries = [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter((path) => path !== undefined && path !== '');
  return launch(join(home, 'chromium'), { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: join(home, 'fonts.conf') });
}

/** A machine without a desktop has no fonts, and a page without a font has no text. */
function fontsConf(home: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${home}/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
</fontconfig>
`;
}

function setEnv(values: Record<string, string>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
