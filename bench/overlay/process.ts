import { median } from '../report.ts';
import { farside } from './farside.ts';
import { native } from './native.ts';
import { type Overlay, ROWS, titleOf } from './notes.ts';

/** Processor time of one client, in milliseconds: `process.ts NAME COUNT`. */
export interface OverlayFigures {
  readonly rehydrate: number;
  /** One more: the median, and the one that took longest. */
  readonly add: number;
  readonly longestAdd: number;
  readonly drain: number;
  readonly redraws: number;
}

const CONTESTANTS: Readonly<Record<string, () => Overlay>> = { farside, apollo: native };
const BATCH = 100;
const EXTRA = 9;

const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

async function measure(open: () => Overlay, count: number): Promise<OverlayFigures> {
  const overlay = open();
  const time = async (run: () => void | Promise<void>): Promise<number> => {
    const before = used();
    await run();
    return used() - before;
  };
  const rehydrate = await time(() => overlay.rehydrate(count));
  const added: number[] = [];
  for (let index = count; index < count + EXTRA; index++) added.push(await time(() => overlay.add(index)));
  const drain = await time(async () => {
    for (let from = 0; from < count; from += BATCH) {
      overlay.settle(from, Math.min(count, from + BATCH));
      // The next answer comes in a turn of its own, after whatever has been put off to a timer.
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
    overlay.settle(count, count + EXTRA);
    overlay.finish();
  });
  const last = new Map(Array.from({ length: count + EXTRA }, (_, index) => [index % ROWS, titleOf(index)] as const));
  overlay.titles().forEach((title, row) => {
    if (title !== (last.get(row) ?? `note ${row}`)) throw new Error(`expected "${last.get(row)}" in row ${row}, got "${title}"`);
  });
  return { rehydrate, add: median(added), longestAdd: Math.max(...added), drain, redraws: overlay.redraws() };
}

const [name = '', count = ''] = process.argv.slice(2);
const open = CONTESTANTS[name];
if (!open) throw new Error(`expected one of ${Object.keys(CONTESTANTS).join(', ')}, got "${name}"`);
// Compiled code is what a page has after its first minute.
for (let round = 0; round < 3; round++) await measure(open, Math.min(Number(count), name === 'apollo' ? 10 : 200));
const figures = await measure(open, Number(count));
if (process.send) process.send(figures);
else process.stdout.write(`${JSON.stringify(figures)}\n`);
