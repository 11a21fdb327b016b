/*
 * Imported first by every main, for its effect: under an older Node the drivers crash without a word. Only syntax that
 * an old Node understands.
 */
const OLDEST = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(
    `Longhaul needs Node ${OLDEST} or newer, this is ${process.versions.node}. Start it with "npm run", which brings ` +
      'its own Node, or install Node 24 LTS.',
  );
  process.exit(2);
}
