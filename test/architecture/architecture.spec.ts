import ts from 'typescript';
import { importsOf, isTest, placesOf, type SourceFile, sourceFiles } from './source-files';

const ALL = sourceFiles('apps', 'libs', 'packages', 'test');
const PRODUCTION = ALL.filter((file) => !isTest(file));
const TESTS = ALL.filter(isTest);

/** The places where a rule is broken; its reason is what the failure shows. */
function expectNone(reason: string, places: string[]): void {
  expect({ reason, places }).toEqual({ reason, places: [] });
}

const usesTypeOrm = (file: SourceFile) => [...importsOf(file)].some((name) => /^(@nestjs\/)?typeorm(\/|$)/.test(name));

describe('the sources', () => {
  it('read the environment at the edge only', () => {
    const edge = /^(apps\/[^/]+\/src\/main\.ts|apps\/cli\/|libs\/config\/)/;
    expectNone(
      'a setting that is read anywhere else is neither checked at start-up nor redacted in logs: take it from GatewayConfig',
      PRODUCTION.filter((file) => !edge.test(file.path)).flatMap((file) => placesOf(file, isProcessEnv)),
    );
  });

  it('know TypeORM in libs/database, the entities and their readers only', () => {
    const home = /^libs\/(database\/|executions\/src\/entities\/)|[.](entity|reader)[.]ts$/;
    expectNone(
      'whoever has a repository can write past Database.write, and so past the fence: read through a reader',
      PRODUCTION.filter((file) => usesTypeOrm(file) && !home.test(file.path)).map(({ path }) => path),
    );
  });

  it('write through Database.write and Database.run only', () => {
    expectNone(
      'TypeORM shares one SQLite connection: its write can land in the transaction of a stranger and go with his ROLLBACK',
      PRODUCTION.filter((file) => usesTypeOrm(file) && !file.path.startsWith('libs/database/')).flatMap((file) =>
        placesOf(file, isOrmWrite),
      ),
    );
  });

  it('give their public names one by one', () => {
    const isIndex = ({ path }: SourceFile) => /^libs\/[^/]+\/(src|testing)\/index\.ts$/.test(path);
    expectNone(
      'the index of a lib is its contract: with `export *` a helper becomes public without anybody deciding it',
      ALL.filter(isIndex).flatMap((file) =>
        placesOf(file, (node) => node.parent === file.tree && ts.isStatement(node) && !isNamedExport(node)),
      ),
    );
  });
});

/** What waits between two looks, and what is slow because a test asks for a slow server. */
const MAY_SLEEP = ['test/support/eventually.ts', 'test/support/fake-llm/fake-llm.ts'];

describe('the tests', () => {
  it('wait for what they claim, never for a length of time', () => {
    expectNone(
      'a sleep is too short on a busy machine and too long on every other: use eventually(…)',
      TESTS.filter(({ path }) => !MAY_SLEEP.includes(path)).flatMap((file) => placesOf(file, isSleep)),
    );
  });
});

function isProcessEnv(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return /^'(node:)?process'$/.test(node.moduleSpecifier.getText());
  return ts.isPropertyAccessExpression(node) && node.getText() === 'process.env';
}

const ORM_WRITES = new Set(['save', 'insert', 'update', 'delete', 'transaction', 'createQueryRunner']);

function isOrmWrite(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return ORM_WRITES.has(node.expression.name.text);
}

/** Or an import for its effect, which publishes nothing. */
function isNamedExport(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause === undefined;
  return ts.isExportDeclaration(node) && node.exportClause !== undefined && ts.isNamedExports(node.exportClause);
}

/** `new Promise((resolve) => setTimeout(resolve, …))`, or the timers that are promises already. */
function isSleep(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return /^'(node:)?timers\/promises'$/.test(node.moduleSpecifier.getText());
  if (!ts.isCallExpression(node) || node.expression.getText() !== 'setTimeout') return false;
  const executor = ts.findAncestor(node, ts.isFunctionLike);
  if (!executor || !ts.isNewExpression(executor.parent) || executor.parent.expression.getText() !== 'Promise')
    return false;
  return executor.parameters[0]?.name.getText() === node.arguments[0]?.getText();
}
