import type { EventContext, EventFault } from './fault.ts';

/**
 * Another device of the same person is set up from a backup of this one: what waits here waits there too, under the same keys. Not where
 * records become one: each device makes others of them.
 */
export const storageCloned: EventFault = {
  name: 'storage-cloned',
  says: 'was copied to another device',
  at: 'event',
  weight: 1,
  since: 2,
  applies: ({ world, device }) => otherOf(world, device) !== undefined,
  run({ world, device }) {
    const other = otherOf(world, device);
    if (other === undefined) return;
    for (const tab of [...other.tabs]) tab.crash();
    world.history.note({ kind: 'copied', from: device.name, to: other.name });
    // What the other one had waiting is still its own; the copy comes on top.
    for (const [key, value] of device.platter.outbox) other.platter.outbox.set(key, structuredClone(value));
    other.platter.cache.clear();
    for (const [key, value] of device.platter.cache) other.platter.cache.set(key, structuredClone(value));
  },
};

function otherOf({ devices }: EventContext['world'], device: EventContext['device']): EventContext['device'] | undefined {
  return devices.find((each) => each !== device && each.user === device.user && !each.isCompacting && !device.isCompacting);
}
