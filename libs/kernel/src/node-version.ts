/*
 * Loaded before everything else, for its effect: under an older Node the SQLite driver crashes without a word. Only
 * syntax that an old Node understands.
 */
const OLDEST = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  throw new Error(
    `Longhaul needs Node ${OLDEST} or newer, this is ${process.versions.node}: start it with "npm run", which brings ` +
      'its own Node, or install Node 24 LTS',
  );
}
