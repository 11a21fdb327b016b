const base = require('./jest.config.js');

/** The fault suite: each of its files starts processes and servers of its own. Run by test/faults/run.mjs. */
module.exports = {
  ...base,
  testRegex: '/test/faults/.*\\.fault-spec\\.ts$',
  testTimeout: 480_000,
};
