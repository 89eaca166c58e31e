import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'farside-package-'));
const installed = join(folder, 'node_modules/farside');
let files: readonly string[] = [];

/** What `npm install farside` would put on a disk: the packed files, unpacked. */
beforeAll(() => {
  const npm = (...args: string[]): string =>
    execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  files = packed.files.map(({ path }) => path);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Packages that a built entry imports, directly and through its chunks. */
function packagesOf(entry: string): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true, true).importedFiles) {
      if (fileName.startsWith('.')) visit(join(dirname(file), fileName));
      else packages.add(fileName.replace(/^node:.*/, 'node:*'));
    }
  };
  visit(join(installed, 'dist', entry));
  return [...packages].sort();
}

describe('the package as it is published', () => {
  test('holds the build, the protocol, the licence and nothing else', () => {
    const others = files.filter((file) => !/^dist\/[\w-]+\.(js|d\.ts)$/.test(file));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json', 'schema/PROTOCOL.md', 'schema/offline.graphql']);
  });

  test.each([
    ['index.js', ['@apollo/client', 'graphql', 'localforage', 'rxjs', 'uuid']],
    ['react.js', ['react']],
    ['worker.js', ['graphql', 'localforage', 'uuid']],
    ['server.js', ['better-sqlite3', 'graphql', 'graphql-yoga', 'kysely', 'node:*']],
    ['schema.js', ['graphql']],
  ])('%s imports these packages and no others', (entry, packages) => {
    expect(packagesOf(entry)).toEqual(packages);
  });

  test('a browser app needs Apollo Client, graphql and rxjs beside it: no React, no server, no database', () => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    for (const name of ['@apollo/client', 'graphql', 'rxjs', 'localforage', 'uuid']) {
      const link = join(folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), link);
    }
    const importing = (name: string): string =>
      execFileSync(
        process.execPath,
        ['--input-type=module', '-e', `console.log(Object.keys(await import(${JSON.stringify(name)})).join())`],
        {
          cwd: folder,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
    expect(importing('farside')).toContain('createOffline');
    expect(importing('farside/worker')).toContain('pendingCount');
    expect(importing('farside/schema')).toContain('PROTOCOL_VERSION');
    expect(() => importing('farside/react')).toThrow(/Cannot find package 'react'/);
  });
});
