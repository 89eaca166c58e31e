import type { NetworkEntry, NetworkFault, SeededRandom } from '../../harness/index.ts';
import type { Device } from '../world/device.ts';
import type { DiskWrite, WriteFate } from '../world/disk.ts';
import type { CommitFate } from '../world/server.ts';
import type { SimulatedWorld } from '../world/world.ts';

/**
 * A seed means the same life only as long as the same may happen in it. What joins the lists of faults and actions later is drawn apart, so
 * that a seed of an earlier generation can be lived again as it was. Raise it with each such change.
 */
export const GENERATION = 3;

interface Named {
  /** As `--faults` takes it and the figures count it. */
  readonly name: string;
  /** For the story: what it did. */
  readonly says: string;
  /** Generation of the list that it joined; default 1. See {@link GENERATION}. */
  readonly since?: number;
}

/** What becomes of a request. `stale`: the answer that the same request got the last time. */
export type RequestFate = NetworkFault | { readonly kind: 'stale' };

/** Strikes a request between a device and the server. */
export interface RequestFault extends Named {
  readonly at: 'request';
  /** Probability for one request, in a run of ordinary weather. */
  readonly rate: number;
  /** Which requests it may strike; default all. */
  applies?(entry: NetworkEntry): boolean;
  /** @param draw uniform in [0, 1) */
  strike(draw: number, entry: NetworkEntry): RequestFate;
}

/** Strikes one write to a device's disk. */
export interface WriteFault extends Named {
  readonly at: 'write';
  readonly rate: number;
  readonly fate: WriteFate;
  /** Which writes it may strike; default all. */
  applies?(write: DiskWrite): boolean;
}

/** Strikes the server, or its database, at a commit. */
export interface CommitFault extends Named {
  readonly at: 'commit';
  readonly rate: number;
  readonly fate: CommitFate;
}

/** Strikes one message between the tabs of a device. */
export interface MessageFault extends Named {
  readonly at: 'message';
  readonly rate: number;
}

/** Happens by itself, as a step of the plan. */
export interface EventFault extends Named {
  readonly at: 'event';
  /** How often, next to other steps. */
  readonly weight: number;
  /** Whether there is anything to strike now; default yes. */
  applies?(context: EventContext): boolean;
  run(context: EventContext): void | Promise<void>;
}

export interface EventContext {
  readonly world: SimulatedWorld;
  readonly device: Device;
  readonly random: SeededRandom;
}

export type Fault = RequestFault | WriteFault | CommitFault | MessageFault | EventFault;
