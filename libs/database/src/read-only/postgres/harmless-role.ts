import { PermanentError } from '@longhaul/kernel';
import type { PoolClient } from 'pg';

const POWERS = ['pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend'];

/**
 * A read-only transaction stops no superuser from reading the server's files or ending others' sessions: such a role
 * is refused. Throws a PermanentError that names the mend.
 */
export async function assertHarmlessRole(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string; powers: string[] }>(
    `SELECT CAST(rolname AS text) AS name,
       CASE WHEN rolsuper THEN array['SUPERUSER'] WHEN rolreplication THEN array['REPLICATION'] ELSE
         array(SELECT CAST(p.rolname AS text) FROM pg_catalog.pg_roles p
               WHERE p.rolname = ANY($1) AND pg_catalog.pg_has_role(r.oid, p.oid, 'MEMBER') ORDER BY 1) END AS powers
     FROM pg_catalog.pg_roles r WHERE rolname = session_user`,
    [POWERS],
  );
  const [role] = rows;
  const powers = String(role?.powers ?? '{}').replace(/[{}]/g, '');
  if (role && powers === '') return;
  throw new PermanentError(
    `the role "${role?.name}" may do more than read tables (${powers}), which no read-only transaction prevents: ` +
      `use one that only reads: CREATE ROLE reader LOGIN PASSWORD '…'; GRANT pg_read_all_data TO reader`,
    { code: 'invalid_configuration' },
  );
}
