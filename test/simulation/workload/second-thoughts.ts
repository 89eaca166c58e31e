import type { Action } from './action.ts';

/** Somebody takes back what still waits. */
export const secondThoughts: Action = {
  name: 'second-thoughts',
  weight: 1,
  run({ world, random, tab }) {
    const waiting = tab.outbox().filter(({ state }) => state === 'queued');
    if (waiting.length === 0) return;
    const { record, ticket } = random.pick(waiting);
    const gone = [
      { record, ticket },
      ...tab.offline.outbox.dependents(record).map(({ id }) => ({ record: id, ticket: world.tickets.ofRecord(id) })),
    ];
    for (const each of gone)
      world.history.note({
        kind: 'decided',
        ticket: each.ticket ?? `record ${each.record}`,
        record: each.record,
        device: tab.device.name,
        how: 'discard',
      });
    tab.offline.outbox.discard(record).catch((error: unknown) => world.history.note({ kind: 'note', text: String(error) }));
  },
};
