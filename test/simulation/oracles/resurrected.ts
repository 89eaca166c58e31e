import type { Oracle } from './oracle.ts';

/** What was deleted stays deleted: only a create, or somebody's decision against the delete, brings it back. */
export const resurrected: Oracle = {
  invariant: 'I8',
  promise: 'No resurrection',
  judge({ commits, ticketOf, tickets, rest }) {
    const inLog = commits.flatMap((commit) =>
      commit.puts.flatMap(({ entity, before, after }) => {
        if (before === null || !before._deleted || after._deleted) return [];
        const file = tickets.get(ticketOf(commit.delivery) ?? '');
        if (file?.intent.kind === 'create' || file?.decided.some(({ how }) => how === 'local' || how === 'value')) return [];
        return [
          { figure: 'resurrected' as const, says: `commit ${commit.index} brings ${entity} back, and nobody created it`, about: [entity] },
        ];
      }),
    );
    const gone = new Set<string>();
    for (const { puts } of commits) for (const { entity, after } of puts) after._deleted ? gone.add(entity) : gone.delete(entity);
    const atRest = rest.tabs.flatMap(({ tab, rows }) =>
      [...(rows ?? [])].flatMap(([entity]) =>
        gone.has(entity)
          ? [{ figure: 'resurrected' as const, says: `${tab} still shows ${entity}, which was deleted`, about: [entity] }]
          : [],
      ),
    );
    return [...inLog, ...atRest];
  },
};
