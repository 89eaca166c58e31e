import { InMemoryCache } from '../../test/harness/apollo-client.ts';
import { answered, NOTE, NOTES, type NotesData, note, notes, type Overlay, rowOf, titleOf } from './notes.ts';

/** What Apollo Client does by itself: a layer for each edit, taken away with the write of its result. */
export function native(): Overlay {
  const cache = new InMemoryCache();
  cache.writeQuery({ query: NOTES, data: notes() });
  let told: NotesData | undefined;
  let redraws = 0;
  cache.watch<NotesData>({
    query: NOTES,
    optimistic: true,
    immediate: true,
    callback({ result }) {
      told = result as NotesData;
      redraws++;
    },
  });
  const show = (index: number): void =>
    cache.recordOptimisticTransaction((layer) => write(layer, note(rowOf(index), titleOf(index), 1)), `${index}`);
  return {
    name: 'apollo',
    rehydrate(count) {
      for (let index = 0; index < count; index++) show(index);
    },
    add: show,
    settle(from, to) {
      for (let index = from; index < to; index++) {
        cache.batch({ optimistic: false, removeOptimistic: `${index}`, update: (data) => write(data, answered(index)) });
      }
    },
    finish: () => undefined,
    titles: () => told?.notes.nodes.map(({ title }) => title) ?? [],
    redraws: () => redraws,
  };
}

const write = (cache: Pick<InMemoryCache, 'writeFragment'>, data: ReturnType<typeof note>): void =>
  void cache.writeFragment({ fragment: NOTE, data });
