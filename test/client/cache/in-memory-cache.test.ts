import { disableFragmentWarnings, gql, InMemoryCache } from '@apollo/client';
import { describe, expect, it, vi } from 'vitest';
import { OfflineCache } from '../../../client/cache/offline-cache.ts';
import { changing } from '../../contracts/in-memory-cache/changing.ts';
import { clients } from '../../contracts/in-memory-cache/clients.ts';
import { type Area, LIBRARY, library, type Use } from '../../contracts/in-memory-cache/library.ts';
import { policies, uncached } from '../../contracts/in-memory-cache/policies.ts';
import { abstract, reading } from '../../contracts/in-memory-cache/reading.ts';
import { transactions } from '../../contracts/in-memory-cache/transactions.ts';

disableFragmentWarnings();

const areas: Readonly<Record<string, Area>> = { reading, abstract, changing, transactions, policies, uncached, clients };

/** Something that waits all the while, and has to do with nothing else. */
const BYSTANDER = 'Bystander:1';
function withPending(cache: OfflineCache): OfflineCache {
  const fragment = gql`
    fragment B on Bystander { id }
  `;
  cache.showPending('bystander', 1, (layer) =>
    layer.writeFragment({ id: BYSTANDER, fragment, data: { __typename: 'Bystander', id: '1' } }),
  );
  return cache;
}

const subjects: Readonly<Record<string, (config: ReturnType<NonNullable<Area['config']>>) => OfflineCache>> = {
  OfflineCache: (config) => new OfflineCache(config),
  'OfflineCache with something pending': (config) => withPending(new OfflineCache(config)),
};

/** What came of it, and what the console said. */
async function outcome(cache: InMemoryCache, { isFilled = true }: Area, use: Use): Promise<unknown> {
  const said: unknown[] = [];
  const spies = (['warn', 'error', 'log', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...words) => void (isOnce(words) || said.push([level, ...words.map(spoken)]))),
  );
  try {
    if (isFilled) cache.writeQuery({ query: LIBRARY, data: library });
    return [withoutBystander(await use(cache)), said];
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Apollo says it for a field once in the life of the page. */
const isOnce = ([words]: readonly unknown[]): boolean => String(words).startsWith('Cache data may be lost when replacing');
const spoken = (word: unknown): unknown => (word instanceof Error ? word.message : word);

function withoutBystander(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== BYSTANDER).map(withoutBystander);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, inner]) => key !== BYSTANDER && !(key === '__META' && keepsBystanderAlone(inner)));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutBystander(inner)]));
}

const keepsBystanderAlone = (meta: unknown): boolean => JSON.stringify(meta) === JSON.stringify({ extraRootIds: [BYSTANDER] });

describe.each(Object.entries(subjects))('%s does what InMemoryCache does', (_, create) => {
  for (const [name, area] of Object.entries(areas)) {
    describe(name, () => {
      it.each(Object.entries(area.cases))('%s', async (_case, use) => {
        const config = area.config ?? (() => ({}));
        const expected = await outcome(new InMemoryCache(config()), area, use);
        expect(await outcome(create(config()), area, use)).toEqual(expected);
      });
    });
  }
});
