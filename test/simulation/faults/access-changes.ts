import type { EventFault } from './fault.ts';

const RENAME = 'mutation Audience($input: UpdateListInput!) { updateList(input: $input) { __typename } }';
const ALL = 'query { lists(first: 1000) { nodes { id audience _version } } }';

interface Lists {
  readonly lists: { readonly nodes: readonly { readonly id: string; readonly audience: readonly string[]; readonly _version: number }[] };
}

/** Somebody in charge takes a list away from everyone but one, or gives it back to all. */
export const accessChanges: EventFault = {
  name: 'access-changes',
  says: 'was there when access to a list changed',
  at: 'event',
  weight: 1,
  async run({ world, random }) {
    if (!world.server.isUp) return;
    const { nodes } = (await world.server.query<Lists>(ALL)).lists;
    if (nodes.length === 0) return;
    const { id, audience, _version } = random.pick(nodes);
    const next = audience.length > 0 ? [] : [random.pick(['ada', 'grace', 'alan'])];
    await world.server.query(RENAME, { input: { id, _version, audience: next } });
  },
};
