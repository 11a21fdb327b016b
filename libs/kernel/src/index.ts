import './node-version';
export { assertNever } from './assert-never';
export { Batcher } from './batcher';
export {
  ConfigurationError,
  ERROR_CODES,
  LonghaulError,
  NoEffectError,
  PermanentError,
  RetryableError,
  toFailure,
} from './errors';
export type { ErrorCode, Failure, Issue } from './errors';
export { FAILPOINTS, faults, PROTECTIONS } from './faults';
export type { Failpoint, FaultAction, FaultPlan, Protection } from './faults';
export type { Finding } from './finding';
export { isId, newId } from './ids';
export type { Id, IdPrefix } from './ids';
export { compileSchema, inputIssues } from './input-schema';
export { isJsonObject, toJsonText } from './json';
export type { JsonObject, JsonValue } from './json';
export { redact, REDACTED, redactCut, secretParts, spellings } from './redact';
export { untilReady } from './until-ready';
export type { UntilReadyOptions } from './until-ready';
export { AGENT_ID_PATTERN, AGENT_ID_RULE, NAME_PATTERN, NAME_RULE, PRIORITIES } from './names';
export type { Priority } from './names';
export { Turns } from './turns';
export { suggest, unknownName } from './suggest';
