import type { Storage } from './ports.ts';

type PutMany = NonNullable<Storage['putMany']>;

/** What a storage over another one offers: to put several in one go, where the one below can. */
export function putManyOver(
  below: Storage,
  run: (pairs: Parameters<PutMany>[0], putMany: PutMany) => Promise<void>,
): Pick<Storage, 'putMany'> {
  const putMany = below.putMany?.bind(below);
  return putMany ? { putMany: (pairs) => run(pairs, putMany) } : {};
}
