import type { EventFault } from './fault.ts';

/** Another device of the same person is set up from a backup of this one: what waits here waits there too, under the same keys. */
export const storageCloned: EventFault = {
  name: 'storage-cloned',
  says: 'was copied to another device',
  at: 'event',
  weight: 1,
  run({ world, device }) {
    const other = world.devices.find((each) => each !== device && each.user === device.user);
    if (other === undefined) return;
    for (const tab of [...other.tabs]) tab.crash();
    for (const area of ['outbox', 'cache'] as const) {
      // What the other one had waiting is still its own; the copy comes on top.
      for (const [key, value] of device.platter[area]) other.platter[area].set(key, structuredClone(value));
    }
    other.platter.cache.clear();
    for (const [key, value] of device.platter.cache) other.platter.cache.set(key, structuredClone(value));
  },
};
