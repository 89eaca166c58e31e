import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildASTSchema, buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../demo/generated/offline.ts';
import { plugin } from '../../schema/codegen-plugin.ts';
import { expandSchema } from '../../schema/expand.ts';
import { offlineManifest } from '../../schema/offline-manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = (path: string) => readFileSync(`${root}demo/${path}`, 'utf8');

describe('generated code of the demo', () => {
  it('is up to date', async () => {
    const run = promisify(execFile)(
      process.execPath,
      ['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts', '--check'],
      { cwd: root },
    );
    const stale = await run.then(
      () => null,
      (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
    );
    expect(stale, 'run: npx graphql-codegen --config codegen.ts').toBe(null);
  }, 60_000);

  it('has the same manifest from the annotated SDL as from the printed schema', () => {
    expect(offlineManifest(buildASTSchema(expandSchema(demo('schema.graphql')).document))).toEqual(manifest);
    expect(offlineManifest(buildSchema(demo('generated/schema.graphql')))).toEqual(manifest);
  });
});

describe('plugin', () => {
  it('writes a module that exports the manifest', () => {
    const schema = buildASTSchema(expandSchema('type A @versioned { id: ID! }').document);
    const { prepend, content } = plugin(schema);
    expect(prepend).toEqual(["import type { OfflineManifest } from 'farside/schema';"]);
    const json = /^export const manifest = (\{[\s\S]*\}) as const satisfies OfflineManifest;\n$/.exec(content)?.[1] ?? '';
    expect(JSON.parse(json)).toEqual(offlineManifest(schema));
  });
});
