import type { SeededRandom } from '../../harness/index.ts';
import type { Action } from './action.ts';

/** Fields in which the schema says who wins, or how both do. */
export const editByStrategy: Action = {
  name: 'edit-by-strategy',
  weight: 4,
  run({ world, random, edit }) {
    edit('Todo', (seen) => {
      const field = random.pick(['color', 'stamp', 'mood', 'memo']);
      const text = world.tickets.text();
      return { set: { [field]: field === 'memo' ? withLine(String(seen.memo ?? ''), text, random) : text } };
    });
  },
};

/** A line more in a text that others write in too, and sometimes one less. */
function withLine(text: string, line: string, random: SeededRandom): string {
  const lines = text.match(/[^\n]*\n/g) ?? [];
  const gone = lines.length > 0 && random.chance(0.2) ? random.pick(lines) : null;
  const left = lines.filter((each) => each !== gone);
  const place = random.integer(left.length + 1);
  return [...left.slice(0, place), `${line}\n`, ...left.slice(place)].join('');
}
