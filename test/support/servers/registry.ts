/** Set by the global set-up of a run. */
export const REGISTRY_VARIABLE = 'LONGHAUL_TEST_SERVERS';

/** The folder that knows every server of this run: the shared ones by name, and how to end each one. */
export function registryFolder(): string {
  const folder = process.env[REGISTRY_VARIABLE];
  if (!folder)
    throw new Error(`no ${REGISTRY_VARIABLE}: the set-up of test/support/servers/global-setup.ts did not run`);
  return folder;
}
