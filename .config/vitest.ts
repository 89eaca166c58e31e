import { defineConfig } from 'vitest/config';

/** Tests by what they need: `node` nothing, `browser` a Chromium page, `story` a built demo, a server process and Chromium. */
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  // Packages that Node loads get graphql's CommonJS build; tests must get the same one, or its classes exist twice.
  resolve: { tsconfigPaths: true, alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['test/**/*.test.ts', 'test/**/*.test.tsx'], exclude: ['test/browser/**', 'test/story/**'], environment: 'node' },
      },
    ],
  },
});
