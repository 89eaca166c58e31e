import type { SeededRandom } from '../../harness/index.ts';
import type { Shown } from '../history.ts';
import type { Device } from '../world/device.ts';
import type { Intent, IntentParts } from '../world/intent.ts';
import { intent } from '../world/intent.ts';
import type { MutateHow, Tab } from '../world/tab.ts';
import type { SimulatedWorld } from '../world/world.ts';

/** One kind of thing that people do. */
export interface Action {
  readonly name: string;
  /** How often, next to the others; 0: not drawn with them. */
  readonly weight: number;
  /** Generation of the list that it joined; default 1. See `GENERATION`. */
  readonly since?: number;
  /** Resolves when the person has done it; what comes of it is noted by the tab. */
  run(context: ActionContext): void | Promise<void>;
}

export interface ActionContext {
  readonly world: SimulatedWorld;
  readonly device: Device;
  /** A tab of the device that is ready. */
  readonly tab: Tab;
  /** The step's own: the same whatever other steps draw. */
  readonly random: SeededRandom;
  /** What stands on screen, the deleted left out. */
  visible(typename: Intent['typename']): readonly Shown[];
  /** Makes a mutation, in one of the ways in which applications do. */
  make(intent: Intent, how?: MutateHow): void;
  /** An edit of something on screen; nothing when nothing is there. */
  edit(typename: Intent['typename'], change: (seen: Shown) => IntentParts): void;
}

export function actionContext(world: SimulatedWorld, device: Device, tab: Tab, random: SeededRandom): ActionContext {
  const visible = (typename: Intent['typename']): readonly Shown[] =>
    [...tab.screen.entities].flatMap(([entity, shown]) => (entity.startsWith(`${typename}:`) && shown._deleted !== true ? [shown] : []));
  const make = (meant: Intent, how: MutateHow = {}): void => {
    const priority = random.chance(0.1) ? { priority: random.pick(['high', 'low'] as const) } : {};
    tab.mutate(meant, { plain: random.chance(0.25), ...priority, ...how });
  };
  return {
    world,
    device,
    tab,
    random,
    visible,
    make,
    edit(typename, change) {
      const rows = visible(typename);
      if (rows.length === 0) return;
      // Most people work on the same few things.
      const seen = rows[random.chance(0.6) ? 0 : random.integer(rows.length)] as Shown;
      make(intent('update', typename, String(seen.id), seen, change(seen)));
    },
  };
}
