import { type ChildProcess, fork } from 'node:child_process';
import type { SeedFigures } from './figures.ts';
import type { PlanChoices } from './plan.ts';
import type { Detection } from './planted/detect.ts';

/** A piece of work for one process. */
export type Task =
  | (PlanChoices & { readonly kind: 'seed'; readonly seed: number })
  | { readonly kind: 'planted'; readonly bug: string; readonly firstSeed: number; readonly maxSeeds: number };

/** Simulated worlds share nothing, so they live in several processes: one for each core. */
export interface Crew {
  /** Results in the order of the tasks; `onDone` in the order in which they come. */
  seeds(tasks: readonly Extract<Task, { kind: 'seed' }>[], onDone: (figures: SeedFigures) => void): Promise<readonly SeedFigures[]>;
  detections(tasks: readonly Extract<Task, { kind: 'planted' }>[]): Promise<readonly Detection[]>;
  close(): void;
}

export function createCrew(size: number): Crew {
  const workers = Array.from({ length: size }, () => fork(new URL('worker.ts', import.meta.url), { execArgv: ['--import', 'tsx'] }));

  async function all<R>(tasks: readonly Task[], onDone: (result: R) => void): Promise<readonly R[]> {
    const results: R[] = [];
    let next = 0;
    await Promise.all(
      workers.map(async (worker) => {
        for (let index = next++; index < tasks.length; index = next++) {
          const result = await ask<R>(worker, tasks[index] as Task);
          results[index] = result;
          onDone(result);
        }
      }),
    );
    return results;
  }

  return {
    seeds: (tasks, onDone) => all<SeedFigures>(tasks, onDone),
    detections: (tasks) => all<Detection>(tasks, () => {}),
    close() {
      for (const worker of workers) worker.kill();
    },
  };
}

function ask<R>(worker: ChildProcess, task: Task): Promise<R> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a simulating process ended with ${code}, at ${JSON.stringify(task)}`));
    worker.once('exit', onExit);
    worker.once('message', (result) => {
      worker.off('exit', onExit);
      resolve(result as R);
    });
    worker.send(task);
  });
}
