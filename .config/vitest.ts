import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { findChromium } from '../test/harness/chromium.ts';
import { TotalsReporter } from './totals.ts';

/**
 * Tests by what they need: `node` nothing, `postgres` a database server, `browser` a Chromium page, `story` a built demo, a server process and Chromium,
 * `package` the built package (part of `npm run check`, not of `npm test`).
 */
export default defineConfig(async () => ({
  root: new URL('..', import.meta.url).pathname,
  // Packages that Node loads get graphql's CommonJS build; tests must get the same one, or its classes exist twice.
  resolve: { tsconfigPaths: true, alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    reporters: ['default', new TotalsReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/browser/**', 'test/story/**', 'test/package/**', 'test/**/postgres*.test.ts'],
          environment: 'node',
          setupFiles: ['test/harness/property-seed.ts'],
          // No test waits in real time; this is for property tests on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          // Its own tests, and those of the server that run on every engine.
          include: [
            'test/**/postgres*.test.ts',
            'test/server/{once,at-once,idempotency-key,conflicts,lease,merges,sync,read,security,bad-input}.test.ts',
          ],
          environment: 'node',
          setupFiles: ['test/harness/property-seed.ts'],
          testTimeout: 30_000,
          // One database server for all, and one file at a time: an open transaction of one holds back what another reads.
          globalSetup: '.config/start-postgres.ts',
          maxWorkers: 1,
        },
      },
      await browserProject(),
      {
        extends: true,
        test: {
          name: 'story',
          include: ['test/story/**/*.test.ts'],
          environment: 'node',
          // One at a time, after everything else: each starts servers and browsers, and waits in real time.
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: '.config/build-demo.ts',
        },
      },
      { extends: true, test: { name: 'package', include: ['test/package/**/*.test.ts'], environment: 'node' } },
    ],
  },
}));

async function browserProject(): Promise<TestProjectInlineConfiguration> {
  const include = ['test/browser/**/*.test.ts', 'test/browser/**/*.test.tsx'];
  try {
    const launchOptions = await findChromium();
    return {
      extends: true,
      // Found while the tests run they would reload the page under them.
      optimizeDeps: { include: ['localforage', 'uuid'] },
      test: {
        name: 'browser',
        include,
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({ launchOptions }),
          instances: [{ browser: 'chromium' }],
        },
      },
    };
  } catch {
    // The other projects need no browser and run without; the tests of this one fail and say what to install.
    return { extends: true, test: { name: 'browser', include, setupFiles: ['test/harness/require-chromium.ts'] } };
  }
}
