import type { EventFault } from './fault.ts';

const ALL = 'query { todos(first: 1000) { nodes { id _version } } }';
const DELETE = 'mutation Clear($input: DeleteTodoInput!) { deleteTodo(input: $input) { __typename } }';

interface Todos {
  readonly todos: { readonly nodes: readonly { readonly id: string; readonly _version: number }[] };
}

/** The server forgets what was deleted long ago; whoever was away longer than that has to start anew. */
export const tombstonesCollected: EventFault = {
  name: 'tombstones-collected',
  says: 'was there when old tombstones were collected',
  at: 'event',
  weight: 2,
  async run({ world, device, random }) {
    const { server } = world;
    if (!server.isUp) return;
    if (random.chance(0.3)) return server.collect(random.pick([0, 60_000, 24 * 3_600_000]));
    // It is away while somebody tidies up, and comes back to a server that remembers nothing of it.
    device.sleep();
    const { nodes } = (await server.query<Todos>(ALL)).todos;
    if (nodes.length > 0) await server.query(DELETE, { input: random.pick(nodes) });
    world.until(random.integer(120_000), () => {
      void (server.isUp ? server.collect(0) : Promise.resolve()).then(() => device.wake());
    });
  },
};
