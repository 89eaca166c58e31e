import { ApolloLink } from '@apollo/client';
import type { OfflineManifest } from '../../schema/manifest.ts';
import { CacheFallbackLink } from './cache-fallback-link.ts';
import { ConflictLink } from './conflict-link.ts';
import { OutboxLink } from './outbox-link.ts';
import { RetryLink } from './retry-link.ts';

/** The links in their order: what is queued, what is answered from the cache, what is tried again, what is asked for besides. */
export function createChain(deps: {
  readonly outbox: ConstructorParameters<typeof OutboxLink>[0];
  readonly cacheFallback: ConstructorParameters<typeof CacheFallbackLink>[0];
  readonly retry: ConstructorParameters<typeof RetryLink>;
  readonly manifest: OfflineManifest | null;
}) {
  const { manifest } = deps;
  const links = {
    outbox: new OutboxLink(deps.outbox),
    cacheFallback: new CacheFallbackLink(deps.cacheFallback),
    retry: new RetryLink(...deps.retry),
    conflict: manifest ? new ConflictLink({ manifest }) : new ApolloLink((operation, forward) => forward(operation)),
  };
  return { link: ApolloLink.from([links.outbox, links.cacheFallback, links.retry, links.conflict]), links };
}
