import type { Clock, Connectivity } from '../../client/ports.ts';

/** What happens to one request. Nothing: it is answered. */
export type NetworkFault =
  /** Never reaches the server. */
  | { readonly kind: 'dropRequest' }
  /** The server does its work; nobody learns of it. */
  | { readonly kind: 'dropResponse' }
  /** The request, or the response, is under way this long, in simulated time. */
  | { readonly kind: 'delay'; readonly requestMs?: number; readonly responseMs?: number }
  /** The server gets it twice; the first answer counts. */
  | { readonly kind: 'duplicate' }
  /** A proxy answers instead of the server. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      /** The server has done its work, and nobody learns of that. Default false: it never hears of the request. */
      readonly afterWork?: boolean;
    }
  /** A captive portal answers instead of the server: HTML, with status 200. */
  | { readonly kind: 'html' }
  /** The server answers; half of its answer arrives. */
  | { readonly kind: 'truncated' };

export interface NetworkEntry {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed if it is JSON, else text. */
  readonly body: unknown;
  /** Whether the server got it. */
  reached: boolean;
  /** Status of the answer; `failed` without one; `pending` until then. */
  outcome: number | 'failed' | 'pending';
}

export interface Network {
  /** Give this to HttpLink and its like. */
  readonly fetch: typeof globalThis.fetch;
  /** Cuts the wire: requests fail, answers under way are lost, open streams break. */
  offline: boolean;
  /** Waits on the way there, in simulated milliseconds; default 0. */
  latencyMs: number;
  /** Asked for every request; a seed or a rule decides. Planned faults go first. */
  faultOf: ((entry: NetworkEntry) => NetworkFault | null) | null;
  /** Plans faults for the next requests, one each; `null` lets one through. */
  next(...faults: readonly (NetworkFault | null)[]): void;
  readonly log: readonly NetworkEntry[];
  /** The entries whose body is a GraphQL request with this operation name. */
  operations(name: string): readonly NetworkEntry[];
}

/**
 * A network to a server in the same process.
 * @param handler answers a request, such as `yoga.fetch`.
 */
export function createNetwork(handler: (request: Request) => Response | Promise<Response>, options: { readonly clock: Clock }): Network {
  const { clock } = options;
  const log: NetworkEntry[] = [];
  const planned: (NetworkFault | null)[] = [];
  const streams = new Set<() => void>();
  let offline = false;

  const network: Network = {
    get offline() {
      return offline;
    },
    set offline(value) {
      offline = value;
      if (!value) return;
      for (const cut of [...streams]) cut();
    },
    latencyMs: 0,
    faultOf: null,
    next: (...faults) => void planned.push(...faults),
    log,
    operations: (name) => log.filter(({ body }) => (body as { operationName?: unknown } | null)?.operationName === name),
    async fetch(input, init) {
      const request = new Request(input, init);
      const bytes = new Uint8Array(await request.clone().arrayBuffer());
      const entry: NetworkEntry = {
        atMs: clock.now(),
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: parse(new TextDecoder().decode(bytes)),
        reached: false,
        outcome: 'pending',
      };
      log.push(entry);
      const fault = planned.length > 0 ? (planned.shift() ?? null) : (network.faultOf?.(entry) ?? null);
      try {
        const response = await unlessAborted(request.signal, exchange(request, bytes, entry, fault));
        entry.outcome = response.status;
        return response;
      } catch (error) {
        entry.outcome = 'failed';
        throw error;
      }
    },
  };

  async function exchange(
    request: Request,
    bytes: Uint8Array<ArrayBuffer>,
    entry: NetworkEntry,
    fault: NetworkFault | null,
  ): Promise<Response> {
    await wait(network.latencyMs + (fault?.kind === 'delay' ? (fault.requestMs ?? 0) : 0));
    if (offline || fault?.kind === 'dropRequest') throw unreachable();
    if (fault?.kind === 'status' && !fault.afterWork) return answerOf(fault);
    if (fault?.kind === 'html') return new Response(PORTAL, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    entry.reached = true;
    const work = answer(request, bytes);
    const response = await ('during' in clock ? (clock as Clock & Busy).during(work) : work);
    if (fault?.kind === 'duplicate') await (await answer(request, bytes)).text();
    await wait(fault?.kind === 'delay' ? (fault.responseMs ?? 0) : 0);
    if (offline || fault?.kind === 'dropResponse') {
      await response.body?.cancel();
      throw unreachable();
    }
    if (fault?.kind === 'status') {
      await response.body?.cancel();
      return answerOf(fault);
    }
    if (fault?.kind === 'truncated') {
      const body = await response.text();
      return new Response(body.slice(0, Math.floor(body.length / 2)), { status: response.status, headers: response.headers });
    }
    return isStream(response) ? breakable(response) : response;
  }

  async function answer(request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
    const { method, headers, url, signal } = request;
    return handler(new Request(url, { method, headers, signal, ...(bytes.length === 0 ? {} : { body: bytes }) }));
  }

  function wait(ms: number): Promise<void> {
    return ms > 0 ? new Promise((resolve) => void clock.after(ms, resolve)) : Promise.resolve();
  }

  /** An event stream that breaks when the wire is cut. */
  function breakable(response: Response): Response {
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let cut = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        cut = () => {
          streams.delete(cut);
          controller.error(unreachable());
          void reader.cancel().catch(() => {});
        };
        streams.add(cut);
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!streams.has(cut)) return;
        if (!done) return controller.enqueue(value);
        streams.delete(cut);
        controller.close();
      },
      cancel(reason) {
        streams.delete(cut);
        return reader.cancel(reason);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  return network;
}

interface Busy {
  during<T>(work: Promise<T>): Promise<T>;
}

/** A platform whose belief about the network a test sets, apart from the network itself: `navigator.onLine` lies both ways. */
export interface SimulatedConnectivity extends Connectivity {
  /** Sets the platform's belief and tells the listeners. */
  set(state: 'online' | 'offline'): void;
  /** What a probe finds. */
  reachable: boolean | (() => boolean);
  /** Probes so far. */
  readonly probes: number;
}

/** @param options `reachable`: what probes find, default as `initial` says; a function ties it to a network. */
export function createSimulatedConnectivity(
  options: { readonly initial?: 'online' | 'offline'; readonly reachable?: boolean | (() => boolean) } = {},
): SimulatedConnectivity {
  const listeners = new Set<(state: 'online' | 'offline') => void>();
  let state = options.initial ?? 'online';
  let probes = 0;
  const connectivity: SimulatedConnectivity = {
    reachable: options.reachable ?? state === 'online',
    get probes() {
      return probes;
    },
    current: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async probe() {
      probes++;
      return typeof connectivity.reachable === 'function' ? connectivity.reachable() : connectivity.reachable;
    },
    set(next) {
      state = next;
      for (const listener of [...listeners]) listener(next);
    },
  };
  return connectivity;
}

function answerOf({ body = '', status, headers = {} }: Extract<NetworkFault, { kind: 'status' }>): Response {
  return new Response(body, { status, headers });
}

const PORTAL = '<!doctype html><title>Welcome</title><p>Accept the terms to use this network.</p>';

/** What fetch rejects with when there is no network: Apollo passes it on bare. */
function unreachable(): TypeError {
  return new TypeError('Failed to fetch');
}

function isStream(response: Response): boolean {
  return response.body !== null && (response.headers.get('content-type') ?? '').includes('text/event-stream');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
