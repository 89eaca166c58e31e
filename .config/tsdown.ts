import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

/** What the package exports, and where each entry begins: `farside` is index. */
export const entry = {
  index: 'client/index.ts',
  react: 'client/react/index.ts',
  worker: 'client/worker/index.ts',
  server: 'server/index.ts',
  schema: 'schema/index.ts',
};

/** One build for all entries, so that a class exists once however many of them a program imports. */
export default defineConfig({
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  entry,
  format: 'esm',
  target: 'es2022',
  // Only so that `node:` modules, which server/ imports, are known to be no packages. Nothing of Node gets into the client.
  platform: 'node',
  fixedExtension: false,
  dts: true,
  // Dependencies and peers stay imports. The first package that would be copied into the build fails it.
  deps: { onlyBundle: ['@graphql-tools/utils'] },
  checks: { pluginTimings: false },
  failOnWarn: true,
});
