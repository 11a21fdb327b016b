export type ServerName = 'redis' | 'rabbitmq' | 'postgres';

/** Whether `LONGHAUL_TEST_SKIP` (`redis,rabbitmq`) asks to go without this server. Its tests then show as skipped. */
export function isSkipped(name: ServerName): boolean {
  return (process.env['LONGHAUL_TEST_SKIP'] ?? '').split(',').some((entry) => entry.trim() === name);
}
