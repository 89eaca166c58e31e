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

/** Packages that a built entry imports when it is loaded, directly and through its chunks; with `later`, what it imports when it runs too. */
function packagesOf(entry: string, later: boolean): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    const atOnce = ts
      .createSourceFile(file, text, ts.ScriptTarget.Latest)
      .statements.flatMap((node) => ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) || [])
      .map((specifier) => (specifier as ts.StringLiteral).text);
    for (const name of later ? ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName) : atOnce) {
      if (name.startsWith('.')) visit(join(dirname(file), name));
      else packages.add(name.replace(/^node:.*/, 'node:*'));
    }
  };
  visit(join(installed, 'dist', entry));
  return [...packages].sort();
}

function install(...names: readonly string[]): void {
  for (const name of names) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
}

/** What a program beside the installed package says. */
const running = (program: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('the package as it is published', () => {
  test('holds the build, the protocol, the licence and nothing else', () => {
    const others = files.filter((file) => !/^dist\/[\w-]+\.(js|d\.ts)$/.test(file));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json', 'schema/PROTOCOL.md', 'schema/offline.graphql']);
  });

  test.each([
    ['index.js', ['@apollo/client', 'graphql', 'localforage', 'node-diff3', 'rxjs', 'uuid']],
    ['react.js', ['react']],
    ['worker.js', ['graphql', 'localforage', 'uuid']],
    ['server.js', ['graphql', 'graphql-yoga', 'node-diff3', 'node:*']],
    ['schema.js', ['graphql', 'node-diff3']],
  ])('%s imports these packages and no others', (entry, packages) => {
    expect(packagesOf(entry, false)).toEqual(packages);
  });

  test('a server imports its database when it opens it', () => {
    expect(packagesOf('server.js', true)).toEqual(['better-sqlite3', 'graphql', 'graphql-yoga', 'kysely', 'node-diff3', 'node:*', 'pg']);
  });

  test('a browser app needs Apollo Client, graphql and rxjs beside it: no React, no server, no database', () => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    install('@apollo/client', 'graphql', 'rxjs', 'localforage', 'node-diff3', 'uuid');
    const importing = (name: string): string => running(`console.log(Object.keys(await import(${JSON.stringify(name)})).join())`);
    expect(importing('farside')).toContain('createOffline');
    expect(importing('farside/worker')).toContain('pendingCount');
    expect(importing('farside/schema')).toContain('PROTOCOL_VERSION');
    expect(() => importing('farside/react')).toThrow(/Cannot find package 'react'/);
  });

  test('a server needs graphql and graphql-yoga beside it, and says which package its store lacks', () => {
    install('graphql', 'graphql-yoga', 'node-diff3');
    const opening = (store: string): string =>
      running(
        `const server = await import('farside/server'); console.log(await server.${store}.open({}).then(() => 'opened', (error) => error.code + ': ' + error.message))`,
      );
    expect(opening('memoryStore()')).toContain('opened');
    expect(opening(`sqliteStore({ file: 'x.db' })`)).toMatch(/STORE_PACKAGE_MISSING: .*npm install better-sqlite3 kysely/);
    expect(opening(`postgresStore({ connectionString: 'postgres://x@127.0.0.1:1/x' })`)).toMatch(
      /STORE_PACKAGE_MISSING: .*npm install pg kysely/,
    );
    install('better-sqlite3', 'kysely');
    expect(opening(`sqliteStore({ file: 'x.db' })`)).toContain('opened');
    install('pg');
    expect(opening(`postgresStore({ connectionString: 'postgres://x@127.0.0.1:1/x' })`)).toContain('STORE_UNREACHABLE');
  }, 60_000);
});
