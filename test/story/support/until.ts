import { expect } from 'vitest';

/** Waits for a condition in a page or at the server: `await until(() => app.waiting()).toBe(0)`. */
export const until = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 20_000, interval: 25 });
