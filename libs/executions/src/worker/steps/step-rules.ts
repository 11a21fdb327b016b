import { createHash } from 'node:crypto';
import { PermanentError, toJsonText } from '@longhaul/kernel';
import { STEP_EFFECTS, type StepEffects } from '../../lifecycle/steps';

const MAX_KEY_LENGTH = 200;
const MB = 1_048_576;
const MAX_RESULT_MB = 5;

/** All of these are programming errors, which no further attempt mends: they throw `PermanentError`. */

export function checkKey(key: unknown): asserts key is string {
  const given = typeof key === 'string' ? `"${key.slice(0, 40)}"` : String(key);
  if (typeof key !== 'string' || key === '') {
    throw new PermanentError(`a step's key is a text that names it, such as "charge"; got ${given}`);
  }
  if (key.length > MAX_KEY_LENGTH) {
    const mend = 'put what is long into the input of the step';
    throw new PermanentError(`the step key ${given}… has ${key.length} characters, ${MAX_KEY_LENGTH} at most: ${mend}`);
  }
  if (key.includes('\0') || !key.isWellFormed()) {
    throw new PermanentError(
      `the step key ${JSON.stringify(key)} has a character that no database stores: leave it out`,
    );
  }
}

export function keyUsedAgain(key: string): PermanentError {
  const mend = `in a loop, add the index, such as "${key.slice(0, 100)}:2"`;
  return new PermanentError(`the step key "${key}" was used before in this run, and a key names one step: ${mend}`);
}

export function waitsInStep(key: string, outer: string): PermanentError {
  const mend = 'call it beside the step, and give the step what came of it';
  return new PermanentError(
    `"${key}" waits within the function of step "${outer}", which would hold its worker: ${mend}`,
  );
}

export function checkEffects(key: string, effects: unknown): asserts effects is StepEffects {
  if ((STEP_EFFECTS as readonly unknown[]).includes(effects)) return;
  throw new PermanentError(
    `the effects of step "${key}" are one of ${STEP_EFFECTS.join(', ')}; got ${String(effects)}`,
  );
}

/** What is recorded of a result, as JSON text. */
export function resultText(key: string, result: unknown): string {
  if (typeof result === 'function' || typeof result === 'symbol') throw notJson(key, `it is a ${typeof result}`);
  let text: string;
  try {
    text = toJsonText(result);
  } catch (error) {
    throw notJson(key, error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  if (text.length <= MAX_RESULT_MB * MB) return text;
  // Rounded up, so that no size is told that would fit.
  const size = Math.ceil((10 * text.length) / MB) / 10;
  throw new PermanentError(
    `the result of step "${key}" has ${size} MB as JSON, ${MAX_RESULT_MB} at most: ` +
      `store it elsewhere and return its address`,
  );
}

function notJson(key: string, reason: string): PermanentError {
  return new PermanentError(`the result of step "${key}" is not JSON (${reason}): return plain data`);
}

/** Fit for a header, also where the key is not. Depends on nothing that a crash could lose. */
export function idempotencyKey(executionId: string, key: string): string {
  return `${executionId}-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}
