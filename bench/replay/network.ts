/** A browser's line to one HTTP/1.1 origin: six requests at once, each with this round trip. */
export function createLine(roundTripMs: number, connections = 6): typeof globalThis.fetch {
  let free = connections;
  const line: (() => void)[] = [];
  const take = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => void line.push(resolve));
  };
  const give = (): void => {
    const next = line.shift();
    if (next) next();
    else free += 1;
  };
  const wait = (): Promise<void> | null => (roundTripMs > 0 ? new Promise((resolve) => void setTimeout(resolve, roundTripMs / 2)) : null);
  return async (input, init) => {
    await take();
    try {
      await wait();
      const response = await globalThis.fetch(input, init);
      const body = await response.text();
      await wait();
      return new Response(body, { status: response.status, headers: { 'content-type': response.headers.get('content-type') ?? '' } });
    } finally {
      give();
    }
  };
}
