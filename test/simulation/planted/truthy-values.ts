import type { OfflineContext } from '../../../server/index.ts';
import type { PlantedBug } from '../world/world.ts';

interface Args {
  readonly input: Readonly<Record<string, unknown>>;
}

/** `false`, `0`, `''`, `null`: an edit to one of them is dropped. */
export const truthyValues: PlantedBug = {
  name: 'truthy-values',
  says: 'what changed is found by asking whether there is a value, not whether it is another one',
  breaks: ['I1', 'I13'],
  resolvers: {
    Mutation: {
      updateTodo: (_root: unknown, { input }: Args, { offline }: OfflineContext) =>
        offline.write.update('Todo', Object.fromEntries(Object.entries(input).filter(([, value]) => Boolean(value)))),
    },
  },
};
