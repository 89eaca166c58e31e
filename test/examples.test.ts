import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** The examples in the pages of documentation are compiled as they stand there; of frameworks that are not installed, against what they use of them. */
const root = join(import.meta.dirname, '..');
let folder: string;
beforeAll(() => {
  mkdirSync(join(root, 'test/.readme'), { recursive: true });
  folder = mkdtempSync(join(root, 'test/.readme/frameworks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GIVEN = `import type { Offline, OfflineCache } from 'farside';
import type { OfflineManifest } from 'farside/schema';
import type { DocumentNode, TypedDocumentNode } from '@apollo/client';
declare const offline: Offline;
declare const manifest: OfflineManifest;
declare const cache: OfflineCache;
declare const user: { readonly id: string };
declare const SEND_TEXT: DocumentNode;
declare const connectionString: string;
declare const typeDefs: string;
declare const isProduction: boolean;
declare const logger: Record<'debug' | 'info' | 'warn' | 'error', (...args: unknown[]) => void>;
declare const identify: () => { id: string } | null;
declare const authorize: () => boolean;
declare const sessionOf: (request: Request) => string | null;
declare const UPDATE_INSPECTION: TypedDocumentNode<unknown, { input: { id: string; _version: number; title?: string } }>;
`;
const FRAMEWORKS = `declare module 'vue' {
  export interface ShallowRef<T> { value: T }
  export function shallowRef<T>(value: T): ShallowRef<T>;
  export function onScopeDispose(run: () => void): void;
}
declare module 'svelte/store' {
  export interface Readable<T> { subscribe(run: (value: T) => void): () => void }
  export function readable<T>(value: T, start: (set: (value: T) => void) => () => void): Readable<T>;
}
declare module '@angular/core' {
  export interface Signal<T> { (): T }
  export interface WritableSignal<T> extends Signal<T> { set(value: T): void; asReadonly(): Signal<T> }
  export function signal<T>(value: T): WritableSignal<T>;
  export abstract class DestroyRef { abstract onDestroy(run: () => void): () => void }
  export function inject<T>(token: abstract new () => T): T;
}
`;

it('every example compiles against the public surface', () => {
  const text = ['frameworks', 'background-sync', 'mutations', 'leases', 'operation', 'errors-profile', 'tables']
    .map((page) => readFileSync(join(root, `.github/${page}.md`), 'utf8'))
    .join('\n');
  const blocks = [...text.matchAll(/```(tsx?) (\w+)\n([\s\S]*?)```/g)];
  expect(blocks.map(([, , name]) => name)).toEqual([
    'react',
    'vue',
    'svelte',
    'angular',
    'page',
    'worker',
    'described',
    'assigned',
    'lease',
    'leaseHolder',
    'server',
    'stop',
    'errors',
    'resolver',
    'mapped',
    'migration',
    'own',
  ]);
  const files = blocks.map(([, language, name, code]) => {
    const file = join(folder, `${name}.${language}`);
    writeFileSync(file, `${GIVEN}${code}`);
    return file;
  });
  const stubs = join(folder, 'frameworks.d.ts');
  writeFileSync(stubs, FRAMEWORKS);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const program = ts.createProgram([...files, stubs], { ...options, noEmit: true, noUnusedLocals: false });
  const problems = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(problems.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
});
