import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createYoga } from 'graphql-yoga';
import { createOfflineSchema, sqliteStore, useOffline } from '../../server/index.ts';
import { TYPES } from './schema.ts';

/** A server process: `server.ts DATABASE`. Says on which port it listens. */
const store = sqliteStore({ file: process.argv[2] as string });
const schema = createOfflineSchema({ typeDefs: TYPES, store });
const yoga = createYoga({ schema, plugins: [useOffline({ store, identify: () => ({ id: 'ada' }) })], logging: false });
await store.ready();
const server = createServer(yoga).listen(0, () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
