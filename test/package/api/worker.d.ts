//#region client/ports.d.ts
/**
 * Durable key-value storage. One put is atomic, and durable when its promise resolves; nothing spans two keys.
 * Values are JSON values other than `null`, left alone by their author until the put has settled; inside them may stand Blobs, Files,
 * ArrayBuffers and typed arrays (a mutation's files). An absent key reads as `null`.
 * Every failure rejects with an OfflineError: `STORAGE_FULL`, `STORAGE_UNAVAILABLE`, `INVALID_OPERATION` for a value that is none, or
 * `UNKNOWN_FORMAT` for one that is damaged.
 */
interface Storage {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
  /**
   * Every pair whose key begins with `prefix`, in ascending order of keys. A damaged value does not hide the others: in its place
   * stands what is left of it, or the OfflineError that says why.
   */
  entries(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** Many puts at the cost of one, where the engine has that. Each is atomic; together they need not be. */
  putMany?(pairs: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
}
/** 16 or 32 bytes, or an AES-GCM key that may encrypt and decrypt. One for each owner; keeping it safe is the application's business. */
type EncryptionKey = CryptoKey | Uint8Array<ArrayBuffer>;
//#endregion
//#region client/adapters/area.d.ts
/** The two places where one owner's data stands. The cache may be dropped at any time; the outbox is sacred. */
interface Areas {
  readonly outbox: Storage;
  readonly cache: Storage;
}
//#endregion
//#region client/worker/pending-count.d.ts
interface PendingCountOptions {
  /** Whose outbox: the same as in `createOffline`. */
  readonly owner: string | null;
  /** The same as in `createOffline`. Default: localforage. */
  readonly storage?: Storage | Areas;
  /** The same as in `createOffline`. */
  readonly encryption?: EncryptionKey;
}
/**
 * How many mutations of `owner` wait to be sent, read from storage alone: for a badge on the app's icon, or a notice from a
 * service worker, with no tab open. Conflicts and dead letters wait for a person, not for the network, and do not count. It reads
 * and never writes, needs no Apollo Client, and is where sending from a service worker begins.
 * @throws OfflineError `INVALID_OPTION`, or the storage's own code (`STORAGE_UNAVAILABLE`).
 */
declare function pendingCount({
  owner,
  storage,
  encryption
}: PendingCountOptions): Promise<number>;
//#endregion
export { type PendingCountOptions, pendingCount };