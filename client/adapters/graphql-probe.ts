export interface GraphqlProbeOptions {
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Default `same-origin`. */
  readonly credentials?: RequestCredentials;
}

/**
 * Asks a GraphQL endpoint for its `__typename`. Only an answer that the endpoint itself must have given counts: a GraphQL
 * response, or 401. HTML with status 200 is a captive portal, a 502 is a proxy that has lost its server.
 */
export function graphqlProbe(url: string, options: GraphqlProbeOptions = {}): () => Promise<boolean> {
  const { timeoutMs = 5_000, credentials = 'same-origin' } = options;
  return async () => {
    // Looked up late: a service worker or a test may have replaced it.
    const fetch = options.fetch ?? globalThis.fetch;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: '{"query":"{__typename}"}',
        cache: 'no-store',
        credentials,
        signal: patience.signal,
      });
      if (response.status === 401) return true;
      const body: unknown = await response.json();
      return typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  };
}
