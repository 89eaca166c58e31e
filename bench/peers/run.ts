import {
  createSeededRandom,
  createSimulatedClock,
  type NetworkEntry,
  type NetworkFault,
  type SimulatedClock,
} from '../../test/harness/index.ts';
import { createDecisions, type Decisions } from '../../test/simulation/decisions.ts';
import { badGateway } from '../../test/simulation/faults/bad-gateway.ts';
import { captivePortal } from '../../test/simulation/faults/captive-portal.ts';
import { delay } from '../../test/simulation/faults/delay.ts';
import { dropRequest } from '../../test/simulation/faults/drop-request.ts';
import { dropResponse } from '../../test/simulation/faults/drop-response.ts';
import type { RequestFault } from '../../test/simulation/faults/fault.ts';
import { rateLimited } from '../../test/simulation/faults/rate-limited.ts';
import { truncated } from '../../test/simulation/faults/truncated.ts';
import type { Contestant } from './contestant.ts';
import { createDevice, type Device } from './device.ts';
import { installGlobalTime } from './global-time.ts';
import { type ChangeFile, judge, type PeerFigures } from './judge.ts';
import type { Act, Script } from './script.ts';
import { createPeerServer } from './server.ts';

export interface PeerRun {
  readonly figures: PeerFigures;
  /** How often each fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
}

/** What GraphQL servers say when their database does not answer: status 200. */
const serverError: RequestFault = {
  name: 'server-error',
  says: 'the server failed for a moment, and said so in errors',
  at: 'request',
  rate: 0.03,
  strike: () => ({
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"data":null,"errors":[{"message":"Unexpected error.","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}',
  }),
};

const REQUEST_FAULTS: readonly RequestFault[] = [
  dropRequest,
  dropResponse,
  delay,
  truncated,
  badGateway,
  rateLimited,
  serverError,
  captivePortal,
];

/** Longer than any backoff and any `Retry-After`, several times. */
const PATIENCE_MS = 20 * 60_000;
/** Whatever is still on its way arrives. */
const STRAGGLERS_MS = 3 * 60_000;

/** One contestant through one script, to rest, and judged. */
export async function runScript(contestant: Contestant, script: Script): Promise<PeerRun> {
  const clock = createSimulatedClock();
  const random = createSeededRandom(script.seed);
  const counts: Record<string, number> = {};
  const count = (fault: string): void => {
    counts[fault] = (counts[fault] ?? 0) + 1;
  };
  const decisions = createDecisions(script.seed, { onStruck: ({ fault }) => count(fault) });
  const files = new Map<string, ChangeFile>();
  const note = (token: string, what: Partial<ChangeFile>): void => void Object.assign(files.get(token) ?? {}, what);
  const observer = {
    made: (device: string, change: ChangeFile['change']) =>
      void files.set(change.token, { change, device, isStored: false, isAcknowledged: false, isFailed: false }),
    stored: (token: string) => note(token, { isStored: true }),
    acknowledged: (token: string) => note(token, { isAcknowledged: true }),
    failed: (token: string) => note(token, { isFailed: true }),
  };

  const restore = installGlobalTime(clock, random.fork('platform'));
  try {
    const server = await createPeerServer(clock, script.shared, contestant.hasKeyedServer ?? false);
    const devices = script.devices.map((device) =>
      createDevice(device, contestant, {
        clock,
        random: random.fork(device.name),
        server,
        shared: script.shared,
        faultOf: createFaults(device.name, script, decisions),
        observer,
      }),
    );
    for (const device of devices) device.open();
    await clock.advance(2_000);
    for (const { afterMs, device, act } of script.steps) {
      await clock.advance(afterMs);
      if (act.kind !== 'change') count(act.kind);
      take(act, devices[device] as Device, clock);
      await clock.settle();
    }
    decisions.heal();
    await clock.advance(REOPENED_MS);
    await rest(devices, clock);
    // An app that is started again sends what it had kept.
    for (const device of devices) {
      device.crash();
      device.open();
    }
    await clock.advance(2_000);
    await rest(devices, clock);
    await clock.advance(STRAGGLERS_MS);
    const waiting = new Set(devices.flatMap((device) => device.waiting() ?? []));
    const figures = judge([...files.values()], waiting, await server.notes());
    for (const device of devices) device.crash();
    return { figures, faults: counts, simulatedMs: clock.elapsed() };
  } finally {
    restore();
  }
}

/** The longest that the script keeps a page closed or a line bad, so that nothing of it comes after the healing. */
const REOPENED_MS = 11 * 60_000;

function take(act: Act, device: Device, clock: SimulatedClock): void {
  switch (act.kind) {
    case 'change':
      return device.make(act.change);
    case 'offline':
      device.setOnline(false, act.isToldGone);
      clock.after(act.forMs, () => device.setOnline(true, act.isToldBack));
      return;
    case 'flapping': {
      let atMs = 0;
      for (const [index, spanMs] of act.spansMs.entries()) {
        clock.after(atMs, () => device.setOnline(index % 2 === 1, true));
        atMs += spanMs;
      }
      return;
    }
    case 'one-way':
      device.isDeaf = true;
      clock.after(act.forMs, () => {
        device.isDeaf = false;
      });
      return;
    case 'crash':
      if (!device.isOpen) return;
      device.crash();
      clock.after(act.closedMs, () => void (device.isOpen || device.open()));
  }
}

/** Everything works, everybody is told so, and nobody has anything left to send, or long enough has passed. */
async function rest(devices: readonly Device[], clock: SimulatedClock): Promise<void> {
  for (const device of devices) {
    device.isDeaf = false;
    device.setOnline(true, true);
  }
  const until = clock.elapsed() + PATIENCE_MS;
  while (devices.some((device) => device.waiting()?.length !== 0) && clock.elapsed() < until) await clock.advance(5_000);
}

/** What strikes a device's requests: by the seed and by the how-many-eth request of its kind it is. */
function createFaults(device: string, script: Script, decisions: Decisions): (entry: NetworkEntry) => NetworkFault | null {
  const counts = new Map<string, number>();
  return (entry) => {
    const operation = (entry.body as { readonly operationName?: string } | null)?.operationName ?? 'request';
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    const site = `${device} ${operation}#${nth}`;
    for (const fault of REQUEST_FAULTS) {
      if (!decisions.strikes(fault.name, site, fault.rate * script.intensity(fault.name))) continue;
      const fate = fault.strike(decisions.draw(fault.name, site), entry);
      return fate.kind === 'stale' ? null : fate;
    }
    return null;
  };
}
