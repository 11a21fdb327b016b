/** The default branch of an exhaustive switch: the compiler refuses a forgotten case, the process refuses a forged one. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
