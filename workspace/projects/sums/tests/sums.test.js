const assert = require('node:assert/strict');
const { afterEach, test } = require('node:test');
const { add, share } = require('../sums');

// Slow on purpose, so that there is something to watch.
const slowly = () => new Promise((resolve) => setTimeout(resolve, 300));

let done = 0;
afterEach(() => console.log(`done ${(done += 1)}/5`));

test('adds nothing', async () => {
  await slowly();
  assert.equal(add(), 0);
});

test('adds whole amounts', async () => {
  await slowly();
  assert.equal(add(1, 2, 3), 6);
});

test('adds cents exactly', async () => {
  await slowly();
  assert.equal(add(0.1, 0.2), 0.3);
});

test('shares so that nothing is lost', async () => {
  await slowly();
  assert.deepEqual(share(10, 3), [3.34, 3.33, 3.33]);
});

test('shares with nobody', async () => {
  await slowly();
  assert.throws(() => share(10, 0), /people: expected 1 or more/);
});
