/**
 * What the files of one area may import. A place is a folder, a file, or `folder/*`: the files beside its folders. A file belongs
 * to the closest area that it lies in.
 */
export interface Area {
  /** Places in the repository; the area itself goes without saying. */
  readonly may?: readonly string[];
  /** The same, but only for types: nothing is left of them at run time. */
  readonly mayTypes?: readonly string[];
  readonly packages?: readonly string[];
  readonly packageTypes?: readonly string[];
  /** Said when the rule is broken. */
  readonly because: string;
}

const CLIENT_GROUND = ['client/errors.ts', 'client/checks.ts', 'client/ports.ts', 'client/put-many.ts', 'schema'];
const SERVER_GROUND = ['server/errors.ts', 'server/notify.ts', 'server/steps.ts', 'schema'];
/** What is the same for every engine. */
const STORE_POLICY = ['engine', 'page-cursor', 'query', 'tables'].map((file) => `server/store/${file}.ts`);
/** The steps of a mutation's path. What composes them, in the files beside the folders, may know them all, but not the platform. */
const CLIENT_STEPS = ['cache', 'conflict', 'connection', 'lease', 'links', 'outbox', 'replay', 'sync', 'tabs'].map(
  (step) => `client/${step}`,
);

export const AREAS: Readonly<Record<string, Area>> = {
  // What both halves agree on.
  schema: { may: ['schema/text-merge.ts'], packages: ['graphql'], because: 'schema/ is what both halves agree on, and knows neither' },
  // Both halves must merge text alike; only who asks for it loads the package.
  'schema/text-merge.ts': { packages: ['node-diff3'], because: 'it is the text merge, and nothing else' },

  // client/: links → replay → outbox → ports; replay → conflict. Data flows back, imports do not.
  'client/errors.ts': { because: 'everything may throw, so errors know nothing' },
  'client/checks.ts': { may: ['client/errors.ts', 'schema'], because: 'it judges values, whoever asks' },
  'client/put-many.ts': { may: ['client/ports.ts'], because: 'it is one storage over another, whatever they do' },
  'client/ports.ts': { because: 'ports are interfaces: whoever carries them out or uses them imports them, never the reverse' },
  'client/observed.ts': { may: ['client/ports.ts'], because: 'it only tells listeners' },
  'client/adapters': {
    may: ['client/errors.ts', 'client/ports.ts', 'client/put-many.ts'],
    packages: ['localforage', 'uuid'],
    because: 'an adapter carries out a port and knows nothing of who uses it',
  },
  'client/outbox': {
    may: CLIENT_GROUND,
    packages: ['graphql'],
    because: 'records outlive everything: they know neither Apollo nor how they are sent',
  },
  'client/conflict': { may: [...CLIENT_GROUND, 'client/outbox'], because: 'merging is pure: base, local and remote in, a record out' },
  'client/replay': {
    may: [...CLIENT_GROUND, 'client/outbox', 'client/conflict'],
    because: 'replay knows no Apollo, so that a service worker can send with fetch alone',
  },
  'client/lease': {
    may: [...CLIENT_GROUND, 'client/outbox', 'client/replay'],
    because: 'a lease is asked for past the outbox, by whatever carries replay, and ends by the clock port',
  },
  'client/connection': {
    may: ['client/ports.ts', 'client/replay/backoff.ts'],
    because: 'what is believed of the network does not depend on what is sent over it',
  },
  'client/tabs': { may: [...CLIENT_GROUND, 'client/outbox'], because: 'tabs exchange news of records, not of screens' },
  'client/cache': {
    may: [...CLIENT_GROUND, 'client/outbox'],
    packages: ['@apollo/client', 'graphql'],
    because: 'the screen shows records; it does not send them',
  },
  'client/sync': {
    may: [...CLIENT_GROUND, 'client/cache'],
    packages: ['@apollo/client', 'graphql'],
    because: "others' changes go into the cache; this tab's own go through the outbox",
  },
  'client/links': {
    may: [...CLIENT_GROUND, 'client/outbox', 'client/replay'],
    mayTypes: ['client/cache', 'client/connection'],
    packages: ['@apollo/client', 'graphql', 'rxjs'],
    because: 'links are where Apollo ends and the outbox begins',
  },
  'client/*': {
    may: [...CLIENT_GROUND, 'client/*', ...CLIENT_STEPS],
    packages: ['graphql'],
    packageTypes: ['@apollo/client'],
    because: 'what stands beside the folders composes the steps and chooses no platform: offline.ts does, alone',
  },
  'client/offline.ts': {
    may: [...CLIENT_GROUND, 'client/*', ...CLIENT_STEPS, 'client/adapters'],
    packages: ['@apollo/client'],
    because: 'it is the composition root of the page',
  },
  'client/index.ts': {
    may: [...CLIENT_GROUND, 'client/*', ...CLIENT_STEPS, 'client/adapters'],
    because: 'it only names what is public',
  },
  'client/react': {
    mayTypes: ['client/outbox', 'client/status.ts', 'client/surface.ts', 'client/ticket.ts'],
    packages: ['react'],
    packageTypes: ['@apollo/client', 'graphql'],
    because: 'hooks read the public surface: farside/react must not bring a second copy of farside',
  },
  'client/worker': {
    may: [
      ...CLIENT_GROUND,
      ...['adapters', 'outbox', 'conflict', 'replay', 'tabs'].map((folder) => `client/${folder}`),
      // What it pulls lies beside the stored cache, as a tab would have fetched it.
      ...['cache/ahead.ts', 'cache/stored-checkpoint.ts', 'sync/checkpoint.ts', 'sync/page-query.ts'].map((file) => `client/${file}`),
    ],
    mayTypes: ['client/observed.ts', 'client/status.ts', 'client/sync/page.ts'],
    packages: ['graphql'],
    because: 'a service worker has no Apollo Client and no screen',
  },

  // server/: mutation and sync → store. Engines are chosen by whoever starts the server.
  'server/errors.ts': { may: ['schema'], packages: ['graphql'], because: 'everything may refuse, so refusals know nothing' },
  'server/steps.ts': { may: [], because: 'waiting is the same whatever is waited for' },
  'server/options.ts': { may: SERVER_GROUND, because: 'it only checks values' },
  'server/store': {
    may: [...SERVER_GROUND, 'server/options.ts'],
    packages: ['better-sqlite3', 'kysely', 'pg', 'node:*'],
    because: 'a store keeps rows: it knows neither GraphQL nor what a mutation is',
  },
  'server/context.ts': { may: SERVER_GROUND, mayTypes: ['server/store'], because: 'it is what resolvers see, not how it is done' },
  'server/mutation': {
    may: [...SERVER_GROUND, 'server/context.ts'],
    mayTypes: ['server/plugin-options.ts', 'server/scope.ts', 'server/store'],
    packages: ['graphql', '@graphql-tools/utils', 'node:*'],
    because: 'the path of a mutation is the same over every engine',
  },
  'server/lease': {
    may: [...SERVER_GROUND, 'server/mutation'],
    mayTypes: ['server/context.ts', 'server/plugin-options.ts', 'server/store'],
    because: 'leases are given and asked for inside a mutation field, over any engine',
  },
  'server/sync': {
    may: [...SERVER_GROUND, 'server/context.ts', 'server/options.ts', 'server/page.ts'],
    mayTypes: ['server/store'],
    because: 'a pull reads the change log of any engine, and never runs a mutation',
  },
  'server/schema': {
    may: [...SERVER_GROUND, 'server/context.ts'],
    mayTypes: ['server/store'],
    packages: ['graphql'],
    because: 'resolvers go through context.offline, as an application would',
  },
  'server/*': {
    may: [...SERVER_GROUND, 'server/*', 'server/lease', 'server/mutation', 'server/schema', 'server/sync', ...STORE_POLICY],
    mayTypes: ['server/store'],
    packages: ['graphql', 'graphql-yoga', 'node:*'],
    packageTypes: ['prom-client'],
    because: 'what stands beside the folders composes them over any store: whoever starts the server chooses the engine',
  },
  'server/index.ts': { may: [...SERVER_GROUND, 'server/*', 'server/store', 'server/sync'], because: 'it only names what is public' },

  // The demo is an application like any other.
  demo: {
    may: ['test/harness/chromium.ts'],
    packages: ['*'],
    because: "the demo uses the package as its readers will: import from 'farside', 'farside/react', 'farside/server'",
  },
};
