/** How one request ended, as far as the connection is concerned. A refusal is an answer. */
export type RequestOutcome = 'answered' | 'unreachable' | 'unauthenticated';

/**
 * Why the connection is what it is.
 * - `start`: nothing is known yet but the platform's hint
 * - `hint`: the platform said so · `request`: a request found out · `probe`: a probe found out
 * - `user`: paused, or no longer, by the application · `unauthenticated`: paused until somebody signs in; the network is fine
 */
export type ConnectionReason = 'start' | 'hint' | 'request' | 'probe' | 'user' | 'unauthenticated';

/** What the rest of the client acts on, and what the user sees. */
export interface ConnectionState {
  readonly connection: 'online' | 'offline' | 'paused';
  readonly reason: ConnectionReason;
  /** When the endpoint is asked again, in the clock's milliseconds; null: not planned, or being asked now. */
  readonly nextProbeAt: number | null;
}

/** The state with what only the machine needs. */
export interface ConnectionMachine extends ConnectionState {
  /** Whether the endpoint answered last, under a pause too. */
  readonly reachable: boolean;
  /** Probes since it stopped answering. */
  readonly failedProbes: number;
}

export type ConnectionInput =
  | { readonly kind: 'request'; readonly outcome: RequestOutcome }
  | { readonly kind: 'hint'; readonly state: 'online' | 'offline' }
  /** Somebody wants to know now: the page came back, or a person pressed a button. */
  | { readonly kind: 'check' }
  | { readonly kind: 'probeStarted' }
  | { readonly kind: 'probed'; readonly reachable: boolean }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' };

export interface ConnectionContext {
  readonly nowMs: number;
  /** How long to wait before the probe after this many failed ones (1-based). */
  readonly waitMs: (attempt: number) => number;
}

/** Online on the hint alone: the first request finds out, and a probe before it would only delay everybody whose network is fine. */
export function startConnection(hint: 'online' | 'offline', context: ConnectionContext): ConnectionMachine {
  if (hint === 'offline') return offline('hint', context);
  return { connection: 'online', reason: 'start', nextProbeAt: null, reachable: true, failedProbes: 0 };
}

/**
 * The next state. `navigator.onLine` lies both ways, so its "offline" is believed for what to try but not for how long (probes go
 * on), and its "online" is only a reason to ask at once. What a request or a probe found out is always believed.
 */
export function nextConnection(state: ConnectionMachine, input: ConnectionInput, context: ConnectionContext): ConnectionMachine {
  const next = follow(state, input, context);
  const keys = Object.keys(state) as (keyof ConnectionMachine)[];
  return keys.every((key) => state[key] === next[key]) ? state : next;
}

function follow(state: ConnectionMachine, input: ConnectionInput, context: ConnectionContext): ConnectionMachine {
  switch (input.kind) {
    case 'request':
      if (input.outcome === 'unreachable') return lost(state, 'request', context);
      // Only the application ends its own pause.
      if (state.connection === 'paused' && state.reason === 'user') return paused('user', true);
      if (input.outcome === 'unauthenticated') return paused('unauthenticated', true);
      // After a want of sign-in too: somebody has signed in, or this needed none, and the next mutation finds out which.
      return found(state, 'request');
    case 'hint':
      return input.state === 'online' ? askNow(state, context) : lost(state, 'hint', context);
    case 'check':
      return askNow(state, context);
    case 'probeStarted':
      return { ...state, nextProbeAt: null };
    case 'probed':
      // A request that was answered meanwhile knows better than a probe that was not.
      if (state.connection !== 'offline') return state;
      if (input.reachable) return found(state, 'probe');
      return { ...state, failedProbes: state.failedProbes + 1, nextProbeAt: context.nowMs + context.waitMs(state.failedProbes + 2) };
    case 'pause':
      return paused('user', state.reachable);
    case 'resume':
      if (state.connection !== 'paused') return state;
      return state.reachable ? found(state, 'user') : { ...offline('user', context), nextProbeAt: context.nowMs };
  }
}

function found(state: ConnectionMachine, reason: ConnectionReason): ConnectionMachine {
  // What made it online stays the reason, however often it is confirmed.
  if (state.connection === 'online') return state;
  return { connection: 'online', reason, nextProbeAt: null, reachable: true, failedProbes: 0 };
}

function lost(state: ConnectionMachine, reason: ConnectionReason, context: ConnectionContext): ConnectionMachine {
  if (!state.reachable) return state;
  // Losing the network does not end a pause; it is remembered for its end.
  return state.connection === 'paused' ? { ...state, reachable: false } : offline(reason, context);
}

function offline(reason: ConnectionReason, { nowMs, waitMs }: ConnectionContext): ConnectionMachine {
  return { connection: 'offline', reason, nextProbeAt: nowMs + waitMs(1), reachable: false, failedProbes: 0 };
}

/** No probes while paused: the application wants no traffic, or nothing could be sent anyway. */
function paused(reason: 'user' | 'unauthenticated', reachable: boolean): ConnectionMachine {
  return { connection: 'paused', reason, nextProbeAt: null, reachable, failedProbes: 0 };
}

/** Something has changed, so the waiting starts anew. Under a pause nothing is asked: its end asks before it believes. */
function askNow(state: ConnectionMachine, { nowMs }: ConnectionContext): ConnectionMachine {
  return state.connection === 'offline' ? { ...state, nextProbeAt: nowMs, failedProbes: 0 } : state;
}
