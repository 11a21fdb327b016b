export { submitCommand } from './submit-command';
export { Invariants } from './invariants';
