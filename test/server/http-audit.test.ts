import { serverAudits } from 'graphql-http';
import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { memoryStore, useCompressedRequests, useCompressedResponses, useOffline, useRateLimit } from '../../server/index.ts';
import { createWorld } from './world.ts';

/** GraphQL over HTTP, as the specification's own audit sees it, with everything of ours in the way. */
const world = createWorld(memoryStore());
const yoga = createYoga({
  schema: world.schema,
  logging: false,
  plugins: [
    useRateLimit({ perMinute: 60_000, client: () => 'audit' }),
    useCompressedRequests(),
    useOffline({ store: world.store, identify: () => ({ id: 'ann' }) }),
    useCompressedResponses(),
  ],
});
/** What Yoga alone fails is not ours: kept apart, so that a newer Yoga takes nothing from this test. */
const bare = createYoga({ schema: createSchema({ typeDefs: 'type Query { ping: String }' }), logging: false });

const auditsOf = (answer: (request: Request) => Response | Promise<Response>) =>
  serverAudits({ url: 'http://farside.test/graphql', fetchFn: (url: string, init?: RequestInit) => answer(new Request(url, init)) });

describe('the GraphQL-over-HTTP audit passes', () => {
  const theirs = new Map(auditsOf((request) => bare.fetch(request)).map((audit) => [audit.id, audit]));
  it.each(auditsOf((request) => yoga.fetch(request)).map((audit) => [`${audit.id} ${audit.name}`, audit] as const))(
    '%s',
    async (_, audit) => {
      const result = await audit.fn();
      if (audit.name.startsWith('MUST')) expect(result).toMatchObject({ status: 'ok' });
      else expect(result.status).toBe((await theirs.get(audit.id)?.fn())?.status);
    },
  );
});
