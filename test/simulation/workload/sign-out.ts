import type { Action } from './action.ts';

/** Somebody signs out, and the same or somebody else signs in on the same device. */
export const signOut: Action = {
  name: 'sign-out',
  weight: 1,
  run({ world, random, device, tab }) {
    const user = random.chance(0.5) ? device.user : random.pick(['ada', 'grace', 'alan']);
    const done = tab.signOut(random.pick(['flush', 'keep', 'keep', 'discard'] as const));
    done.then(
      () => {
        if (device.tabs.length > 0) return;
        device.user = user;
        device.signInAgain();
        world.until(random.integer(10_000), () => void (device.tabs.length > 0 || device.open()));
      },
      (error: unknown) => {
        // Told that something is left on the disk, they load the page again, still signed in.
        world.history.note({ kind: 'note', text: `${tab.name} could not sign out: ${String(error)}` });
        tab.crash();
      },
    );
  },
};
