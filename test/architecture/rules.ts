import { posix } from 'node:path';
import ts from 'typescript';
import { AREAS, type Area } from './areas.ts';
import { forEachNode, type Import, lineOf, type Module } from './modules.ts';

/** Where a rule is broken, which, and what to do about it. */
export interface Breach {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

type Rule = (modules: readonly Module[]) => Breach[];

export const describeBreach = ({ file, line, rule, message }: Breach): string => `${file}:${line} [${rule}] ${message}`;

function isWithin(path: string, place: string): boolean {
  if (place.endsWith('/*')) return posix.dirname(path) === place.slice(0, -2);
  return path === place || path.startsWith(`${place}/`);
}

function areaOf(path: string): string | null {
  const fitting = Object.keys(AREAS).filter((area) => isWithin(path, area));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

const MAX_LINES = 300;

/** Every rule by the name that its breaches carry. */
export const RULES: Readonly<Record<string, Rule>> = {
  imports: (modules) =>
    modules.flatMap((module) => {
      const name = areaOf(module.path);
      const area = name === null ? undefined : AREAS[name];
      if (name === null || area === undefined)
        return [breach('imports', module, 1, 'belongs to no area; add its folder to test/architecture/areas.ts')];
      return module.imports
        .filter((each) => !isAllowed(each, name, area))
        .map((each) => {
          const what = `${name} may not import ${each.typeOnly ? 'types of ' : ''}${each.target}`;
          return breach(
            'imports',
            module,
            each.line,
            `${what}: ${area.because}. Pass it in from where the parts are composed, or move the code`,
          );
        });
    }),

  cycles: (modules) =>
    cyclesOf(modules).map((cycle) => {
      const [first] = cycle;
      const message = `imports itself by way of ${[...cycle.slice(1), first].map((module) => module?.path).join(' → ')} (types count); move what both need into a file of its own`;
      return breach('cycles', first as Module, lineOfImport(first as Module, cycle[1] ?? (first as Module)), message);
    }),

  ports: (modules) =>
    modules
      .filter(({ path }) => (isWithin(path, 'client') || isWithin(path, 'schema')) && !PLATFORM.some((place) => isWithin(path, place)))
      .flatMap((module) =>
        collect(module, (node) => {
          const used = platformUse(node);
          return used === null
            ? null
            : breach(
                'ports',
                module,
                lineOf(module.ast, node),
                `uses ${used}; take it in through a port (client/ports.ts), so that a test can hold it still`,
              );
        }),
      ),

  exports: (modules) =>
    modules.flatMap((module) =>
      collect(module, (node) => {
        const line = lineOf(module.ast, node);
        if (ts.isExportDeclaration(node) && (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)))
          return breach(
            'exports',
            module,
            line,
            'exports everything of another file; name what it exports, so that the public surface is read in one place',
          );
        if (isDefaultExport(node) && !module.path.endsWith('.config.ts'))
          return breach('exports', module, line, 'has a default export; export it by name');
        return null;
      }),
    ),

  size: (modules) =>
    modules.flatMap((module) => {
      const lines = module.ast.getLineStarts().length - (module.ast.text.endsWith('\n') ? 1 : 0);
      return lines <= MAX_LINES
        ? []
        : [breach('size', module, lines, `has ${lines} lines, expected at most ${MAX_LINES}; a second noun in it wants a file of its own`)];
    }),

  names: (modules) =>
    modules
      .filter(({ path }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.test|\.config|\.d)?\.tsx?$/.test(path.split('/').at(-1) ?? ''))
      .map((module) =>
        breach('names', module, 1, 'is not named in kebab-case; name the file after its one noun, such as conflict-link.ts'),
      ),
};

function breach(rule: string, { path }: Module, line: number, message: string): Breach {
  return { rule, file: path, line, message };
}

function collect(module: Module, check: (node: ts.Node) => Breach | null): Breach[] {
  const found: Breach[] = [];
  forEachNode(module.ast, (node) => {
    const each = check(node);
    if (each !== null) found.push(each);
  });
  return found;
}

function isAllowed({ target, isPackage, typeOnly }: Import, name: string, area: Area): boolean {
  const { may = [], mayTypes = [], packages = [], packageTypes = [] } = area;
  if (isPackage) return packages.includes('*') || [...packages, ...(typeOnly ? packageTypes : [])].includes(target);
  return areaOf(target) === name || [...may, ...(typeOnly ? mayTypes : [])].some((place) => isWithin(target, place));
}

/** Strongly connected files, each cycle beginning at its first file by name. */
function cyclesOf(modules: readonly Module[]): Module[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const next = (module: Module): Module[] => module.imports.flatMap(({ target }) => byPath.get(target) ?? []);
  const cycles: Module[][] = [];
  const done = new Set<Module>();
  const visit = (module: Module, path: readonly Module[]): void => {
    const at = path.indexOf(module);
    if (at >= 0) cycles.push(path.slice(at));
    if (at >= 0 || done.has(module)) return;
    for (const target of next(module)) visit(target, [...path, module]);
    done.add(module);
  };
  for (const module of [...modules].sort((a, b) => (a.path < b.path ? -1 : 1))) visit(module, []);
  return cycles;
}

const lineOfImport = (module: Module, target: Module): number => module.imports.find((each) => each.target === target.path)?.line ?? 1;

/** Where the platform is the point. */
const PLATFORM = ['client/adapters', 'client/react', 'client/worker'];

const PLATFORM_NAMES = new Set(
  [
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'requestAnimationFrame',
    'requestIdleCallback',
    'performance',
  ]
    .concat([
      'navigator',
      'window',
      'globalThis',
      'self',
      'location',
      'process',
      'console',
      'crypto',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'EventSource',
    ])
    .concat(['indexedDB', 'localStorage', 'sessionStorage', 'BroadcastChannel', 'addEventListener']),
);

/** The platform's name that a node uses, or null. Reading a given date is arithmetic; asking what time it is, is not. */
function platformUse(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) {
    const text = `${ts.isIdentifier(node.expression) ? node.expression.text : ''}.${node.name.text}`;
    if (text === 'Date.now' || text === 'Math.random') return text;
  }
  if (ts.isNewExpression(node) && isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0) return 'new Date()';
  if (ts.isCallExpression(node) && isNamed(node.expression, 'Date')) return 'Date()';
  return ts.isIdentifier(node) && PLATFORM_NAMES.has(node.text) && isReference(node) ? node.text : null;
}

const isNamed = (node: ts.Node, name: string): boolean => ts.isIdentifier(node) && node.text === name;

/** Whether an identifier stands for a value, and not for a member's name. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent);
  return !(isMember && parent.name === node);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}
