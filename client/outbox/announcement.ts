import type { Storage } from '../ports.ts';

/** A client is known to storage before its first record is, so that it can be retired even when all its records are gone. */
export interface Announcement {
  put(): Promise<void>;
  isDone(): boolean;
  /** Storage has been emptied. */
  forget(): void;
}

export function createAnnouncement(storage: Pick<Storage, 'put'>, key: string): Announcement {
  let putting: Promise<void> | null = null;
  let isDone = false;
  return {
    put() {
      putting ??= storage.put(key, { codec: 1 });
      const mine = putting;
      return mine.then(
        () => {
          isDone = putting === mine;
        },
        (error: unknown) => {
          if (putting === mine) putting = null;
          throw error;
        },
      );
    },
    isDone: () => isDone,
    forget() {
      putting = null;
      isDone = false;
    },
  };
}
