import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '../..');

export interface SourceFile {
  /** From the root, with slashes: `libs/queue/src/index.ts`. */
  path: string;
  tree: ts.SourceFile;
}

/** Every TypeScript file of these folders of the repository, parsed. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
      return { path: path.slice(ROOT.length + 1).replaceAll('\\', '/'), tree };
    });
}

export function isTest({ path }: SourceFile): boolean {
  return path.startsWith('test/') || /\.(e2e-)?spec\.ts$/.test(path) || /^libs\/[^/]+\/testing\//.test(path);
}

/** Where `matches` holds, as `path:line`. */
export function placesOf({ path, tree }: SourceFile, matches: (node: ts.Node) => boolean): string[] {
  const places: string[] = [];
  const visit = (node: ts.Node): void => {
    if (matches(node)) places.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return places;
}

/** What the file imports or requires, types included. */
export function importsOf({ tree }: SourceFile): Set<string> {
  return new Set(tree.statements.flatMap((node) => moduleOf(node) ?? []));
}

function moduleOf(node: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  return node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
}
