/** What an engine that answers at once gives at once. `await` takes both; code that is not to wait for nothing looks first. */
export type Awaitable<T> = T | Promise<T>;

/** Work written in one go, for engines of both sorts: where there is nothing to wait for, it runs to its end at once. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return value instanceof Promise;
}

/** One step: `const row = yield* wait(transaction.get('Todo', id))`. */
export function* wait<T>(value: Awaitable<T>): Steps<T> {
  return isPromise(value) ? ((yield value) as T) : value;
}

/** Runs the steps: at once as far as that goes, then as promises settle. */
export function run<T>(steps: Steps<T>): Awaitable<T> {
  const { done, value } = steps.next();
  return done === true ? value : resume(steps, value);
}

async function resume<T>(steps: Steps<T>, waitedFor: Promise<unknown>): Promise<T> {
  let pending = waitedFor;
  for (;;) {
    const step = await pending.then(
      (value) => steps.next(value),
      (error: unknown) => steps.throw(error),
    );
    if (step.done === true) return step.value;
    pending = step.value;
  }
}
