/** What is used here of esbuild's plugins. */
interface Build {
  onResolve(
    options: { readonly filter: RegExp },
    resolve: (found: { readonly kind: string; readonly path: string }) => { readonly path: string; readonly external: true } | undefined,
  ): void;
}

/** What comes by `import()` is not part of what an app loads at its start. */
const atTheStart = (options: object): object => ({
  ...options,
  plugins: [
    {
      name: 'at-the-start',
      setup: (build: Build): void =>
        build.onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined)),
    },
  ],
});

const farside = { path: '../dist/index.js', import: '*', gzip: true };
const bare = { ...farside, ignore: ['localforage'] };

/** Just above what is: .github/decisions/012-size.md. */
export default [
  { ...bare, name: 'farside without localforage (goal: 16 kB)', limit: '66.4 kB', modifyEsbuildConfig: atTheStart },
  { ...farside, name: 'farside (goal: 26 kB)', limit: '76 kB', modifyEsbuildConfig: atTheStart },
  {
    ...bare,
    name: 'createOffline and OfflineCache alone',
    import: '{ createOffline, OfflineCache }',
    limit: '63.6 kB',
    modifyEsbuildConfig: atTheStart,
  },
  { ...bare, name: 'farside without localforage, and with all that it loads on demand', limit: '76.8 kB' },
  { ...bare, name: 'OutboxLink and RetryLink alone (goal: 8 kB)', import: '{ OutboxLink, RetryLink }', limit: '4.7 kB' },
  { ...farside, name: 'farside/react without farside', path: '../dist/react.js', limit: '1 kB' },
  { ...farside, name: 'farside/worker', path: '../dist/worker.js', limit: '44 kB' },
];
