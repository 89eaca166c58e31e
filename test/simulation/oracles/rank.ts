/**
 * The place of a version among those of its entity, whatever their kind: a number that grows with it. Written here so that the product's own
 * comparison is not its own judge. 0: not yet at the server, or none.
 */
export function rank(version: unknown): number {
  if (typeof version === 'number') return version;
  if (typeof version !== 'string') return 0;
  const clock = /^([0-9a-f]{12})-([0-9a-f]{8})-/.exec(version);
  // Milliseconds, and how many within one: far fewer than 4096.
  if (clock) return Number.parseInt(clock[1] as string, 16) + Number.parseInt(clock[2] as string, 16) / 4_096;
  // One database is one authority, and its part alone ever grows.
  return [...version.matchAll(/:(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}
