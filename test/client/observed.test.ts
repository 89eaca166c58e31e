import { expect, it } from 'vitest';
import { createDerived, observe, shallowEqual } from '../../client/observed.ts';

it('observe tells the value at once, then every other one and only that, until it is ended', async () => {
  let name = 'a';
  const source = createDerived(() => ({ name }), shallowEqual);
  const seen: string[] = [];
  const stop = observe(
    source,
    () => source.get().name,
    (value) => seen.push(value),
  );
  expect(seen).toEqual(['a']);
  source.refresh();
  await Promise.resolve();
  name = 'b';
  source.refresh();
  await Promise.resolve();
  stop();
  name = 'c';
  source.refresh();
  await Promise.resolve();
  expect(seen).toEqual(['a', 'b']);
});
