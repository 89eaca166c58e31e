import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsdown';
import { afterAll, expect, test } from 'vitest';
import config, { entry } from '../../.config/tsdown.ts';

const folder = mkdtempSync(join(tmpdir(), 'farside-api-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Alone, so that its declarations stand in one file instead of in chunks that it shares with the other entries. */
async function declarations(name: string, source: string): Promise<string> {
  const outDir = join(folder, name);
  await build({ ...config, config: false, entry: { [name]: source }, outDir, dts: { emitDtsOnly: true }, logLevel: 'error' });
  return readFileSync(join(outDir, `${name}.d.ts`), 'utf8').replace(/^\/\/# sourceMappingURL.*\n?/m, '');
}

/**
 * The public surface is a reviewed file: whoever changes it sees the change in the diff. Wanted? `npm run check:api -- --update`
 * writes test/package/api/; commit it with the code.
 */
test.each(Object.entries(entry))('the public surface of %s is the reviewed one', { timeout: 60_000 }, async (name, source) => {
  await expect(
    await declarations(name, source),
    'The public surface changed. If that is wanted: npm run check:api -- --update',
  ).toMatchFileSnapshot(`api/${name}.d.ts`);
});
