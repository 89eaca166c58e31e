import { same } from './evidence.ts';
import type { Oracle } from './oracle.ts';

/** At rest every cache says what a fresh fetch says. */
export const converged: Oracle = {
  invariant: 'I5',
  promise: 'Convergence',
  judge({ rest }) {
    return rest.tabs.flatMap(({ tab, user, rows }) => {
      const fresh = rest.fresh.get(user) ?? new Map();
      if (rows === null) return [{ figure: 'diverged' as const, says: `${tab} cannot answer its own lists`, about: [] }];
      return [...new Set([...rows.keys(), ...fresh.keys()])].flatMap((entity) => {
        const [here, there] = [rows.get(entity), fresh.get(entity)];
        if (same(here, withoutTypes(there))) return [];
        return [
          { figure: 'diverged' as const, says: `${tab} shows ${entity} as ${show(here)}; the server has ${show(there)}`, about: [entity] },
        ];
      });
    });
  },
};

const withoutTypes = (row: unknown): unknown => row;
const show = (row: unknown): string => (row === undefined ? 'not there' : JSON.stringify(row));
