import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf, isTest, ROOT, sourceFiles } from './source-files';

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;
const missing = (paths: string[]) => paths.filter((path) => !existsSync(join(ROOT, path)));

const LIBS = readdirSync(join(ROOT, 'libs'));
const APPS = readdirSync(join(ROOT, 'apps'));

interface NestCli {
  monorepo: boolean;
  projects: Record<string, { type: string; root: string; entryFile: string; sourceRoot: string }>;
}

describe('the tree', () => {
  it('has what somebody who opens it looks for', () => {
    const files = 'README.md LICENSE CONTRIBUTING.md Dockerfile docker-compose.yml .ci/run openapi.json'.split(' ');
    const project = 'package.json package-lock.json nest-cli.json tsconfig.json jest.config.js bin/longhaul.cjs'.split(
      ' ',
    );
    const folders = 'apps/api/src apps/worker/src apps/cli/src libs test docs docs/adr bench schema'.split(' ');
    const sample = ['workspace/gateway.yaml', 'workspace/agents'];
    expect(missing([...files, ...project, ...folders, ...sample])).toEqual([]);
    accessSync(join(ROOT, '.ci/run'), constants.X_OK);
  });

  it.each(LIBS)('has of libs/%s the public names, the words and the build', (lib) => {
    expect(missing(['src/index.ts', 'README.md', 'tsconfig.lib.json'].map((file) => `libs/${lib}/${file}`))).toEqual(
      [],
    );
  });

  it('is known to the Nest CLI as it is', () => {
    const { monorepo, projects } = readJson<NestCli>('nest-cli.json');
    const root = (type: string) =>
      Object.values(projects).flatMap((project) => (project.type === type ? project.root : []));
    expect(monorepo).toBe(true);
    expect(root('library').sort()).toEqual(LIBS.map((lib) => `libs/${lib}`).sort());
    expect(root('application').sort()).toEqual(APPS.map((app) => `apps/${app}`).sort());
    expect(missing(APPS.map((app) => `${projects[app]?.entryFile}.ts`))).toEqual([]);
  });

  it('has of the client what whoever installs it needs, at the version of the gateway', () => {
    const client = readJson<Record<string, unknown>>('packages/client/package.json');
    const { version, dependencies } = readJson<{ version: string; dependencies: Record<string, string> }>(
      'package.json',
    );
    expect(missing(['src/index.ts', 'README.md'].map((file) => `packages/client/${file}`))).toEqual([]);
    expect(client).toMatchObject({ name: '@longhaul/client', version });
    expect(dependencies).toMatchObject(client['dependencies'] as Record<string, string>);
  });

  it('leads to every lib by its name', () => {
    const { compilerOptions } = readJson<{ compilerOptions: { paths: Record<string, string[]> } }>('tsconfig.json');
    for (const lib of LIBS) expect(compilerOptions.paths[`@longhaul/${lib}`]).toEqual([`./libs/${lib}/src`]);
  });
});

describe('the packages', () => {
  const { dependencies } = readJson<{ dependencies: Record<string, string> }>('package.json');

  it('are those that the parts are named after, and are used', () => {
    const nest = 'common core config microservices bullmq typeorm swagger terminus platform-fastify'.split(' ');
    const others = 'bullmq ioredis amqplib amqp-connection-manager typeorm better-sqlite3 pg class-validator zod'.split(
      ' ',
    );
    const required = [...nest.map((name) => `@nestjs/${name}`), ...others];
    const imported = new Set(
      sourceFiles('apps', 'libs')
        .filter((file) => !isTest(file))
        .flatMap((file) => [...importsOf(file)]),
    );
    expect(required.filter((name) => !(name in dependencies))).toEqual([]);
    expect(required.filter((name) => !imported.has(name))).toEqual([]);
  });

  it('are pinned, so that a build of today is a build of tomorrow', () => {
    const { devDependencies } = readJson<{ devDependencies: Record<string, string> }>('package.json');
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, range]) => !/^\d/.test(range));
    expect(loose).toEqual([]);
  });

  it('come from whichever registry the machine uses: the lock file names none', () => {
    const lock = readJson<{ packages: Record<string, { resolved?: string }> }>('package-lock.json');
    const addressed = Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.startsWith('http'));
    expect(addressed).toEqual([]);
  });
});
