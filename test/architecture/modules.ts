import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One file as the rules see it. `path` is relative to the repository, with forward slashes. */
export interface Module {
  readonly path: string;
  readonly ast: ts.SourceFile;
  readonly imports: readonly Import[];
}

export interface Import {
  /** A path in the repository, a package's name (without what follows it), or `node:` and the builtin. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const NOT_SOURCES = new Set(['node_modules', 'dist', 'generated', 'api']);

/** Every TypeScript file under `folders`, but for what tools have written. */
export function readModules(root: string, folders: readonly string[]): Module[] {
  const visit = (folder: string): Module[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      // What another test writes meanwhile lies in hidden folders.
      if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) || entry.name.startsWith('.') ? [] : visit(path);
      return /\.tsx?$/.test(entry.name) ? [parseModule(path, readFileSync(join(root, path), 'utf8'))] : [];
    });
  return folders.flatMap(visit);
}

export function parseModule(path: string, text: string): Module {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const imports: Import[] = [];
  forEachNode(ast, (node) => {
    const found = importOf(node);
    if (found === null) return;
    const { specifier, typeOnly } = found;
    const isPackage = !specifier.startsWith('.');
    const target = isPackage ? packageOf(specifier) : posix.join(posix.dirname(path), specifier);
    imports.push({ target, isPackage, typeOnly, line: lineOf(ast, node) });
  });
  return { path, ast, imports };
}

export function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => forEachNode(child, visit));
}

/** 1-based, as editors count. */
export function lineOf(ast: ts.SourceFile, node: ts.Node): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

/** What an import names, in any of the ways to import: a declaration, `export … from`, `import()`, and `import('…').Type`. */
function importOf(node: ts.Node): { readonly specifier: string; readonly typeOnly: boolean } | null {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeOnly(node.importClause));
  if (ts.isExportDeclaration(node)) {
    const names = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
    return literal(node.moduleSpecifier, node.isTypeOnly || (names.length > 0 && names.every((name) => name.isTypeOnly)));
  }
  if (ts.isImportTypeNode(node)) return literal(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return literal(node.arguments[0], false);
  return null;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return clause.name === undefined && names.length > 0 && names.every((name) => name.isTypeOnly);
}

function literal(node: ts.Node | undefined, typeOnly: boolean): { readonly specifier: string; readonly typeOnly: boolean } | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : null;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:*';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
