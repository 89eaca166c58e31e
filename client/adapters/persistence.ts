import type { Persistence } from '../ports.ts';

/** `navigator.storage`; a platform without it promises nothing. Some browsers ask the user, some decide by how much a site is used. */
export function browserPersistence(): Persistence {
  return {
    async request() {
      const storage = globalThis.navigator?.storage;
      if (typeof storage?.persist !== 'function') return false;
      return (await storage.persisted()) || (await storage.persist());
    },
  };
}
