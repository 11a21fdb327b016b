import { resolve } from 'node:path';
import type { PlacedIssue } from './config-path';
import { DEFAULT_SQLITE_URL } from './schema/persistence';
import type { GatewayDocument } from './schema/gateway-schema';

type Persistence = GatewayDocument['persistence'];

const AT = ['persistence', 'url'];
/** A scheme, but not the drive letter of a Windows path. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;
const POSTGRES_FORM = 'write postgres://user:password@host:5432/database';

/** The URL in the form that the drivers know; SQLAlchemy's forms are what agents-gateway has in its files. */
function plain(url: string): string {
  return url.replace(/^sqlite(\+\w+)?:\/\/\//, '').replace(/^postgres(ql)?(\+\w+)?:/, 'postgresql:');
}

export function checkDatabaseUrl({ backend, url }: Persistence): PlacedIssue[] {
  const scheme = SCHEME.exec(plain(url))?.[1];
  if (backend === 'postgres') {
    if (url === DEFAULT_SQLITE_URL) return [{ at: AT, message: 'is needed for backend postgres', hint: POSTGRES_FORM }];
    if (scheme === 'postgresql' && URL.canParse(plain(url))) return [];
    return [{ at: AT, message: 'must be a URL that starts with postgres://', hint: POSTGRES_FORM }];
  }
  if (scheme === 'postgresql') {
    return [
      {
        at: AT,
        message: 'is a PostgreSQL URL but persistence.backend is sqlite',
        hint: 'set persistence.backend: postgres',
      },
    ];
  }
  if (url.includes(':memory:')) {
    const hint = 'name a file, such as ./data/longhaul.db';
    return [{ at: AT, message: 'must be a file: a database in memory is lost with the process', hint }];
  }
  if (scheme)
    return [{ at: AT, message: 'must be the path of a file for backend sqlite', hint: 'write ./data/longhaul.db' }];
  return [];
}

/** What the drivers get: a PostgreSQL URL, or the absolute path of the SQLite file (relative = to the workspace). */
export function databaseUrl({ backend, url }: Persistence, workspace: string): string {
  return backend === 'postgres' ? plain(url) : resolve(workspace, plain(url));
}
