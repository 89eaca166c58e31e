/** One process of the crew: does what it is sent, one piece after another. */
import { setMaxListeners } from 'node:events';
import type { Task } from './crew.ts';
import { figuresOf } from './figures.ts';
import { makePlan } from './plan.ts';
import { detect } from './planted/detect.ts';
import { PLANTED } from './planted/index.ts';
import { simulate } from './simulation.ts';

// Each lock and each request of a tab hears when its turn to send is over: more than ten are no leak.
setMaxListeners(100);
process.on('message', async (task: Task) => {
  process.send?.(await work(task));
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));

async function work(task: Task): Promise<unknown> {
  if (task.kind === 'seed') return figuresOf(await simulate(makePlan(task.seed, task)));
  const bug = PLANTED.find(({ name }) => name === task.bug);
  if (bug === undefined) throw new Error(`expected a planted bug (${PLANTED.map(({ name }) => name).join(', ')}), got ${task.bug}`);
  return detect(bug, task.firstSeed, task.maxSeeds);
}
