import type { Execution, ExecutionsReader } from '@longhaul/executions';
import { type Issue, LonghaulError, unknownName } from '@longhaul/kernel';

/** Throws `invalid_request` where the journal has no step of that key. */
export async function assertHasStep(reader: ExecutionsReader, execution: Execution, key: string): Promise<void> {
  const keys = (await reader.stepsOf(execution)).map((step) => step.key);
  if (keys.includes(key)) return;
  const issue = unknownStep('from_step', key, execution, keys);
  throw new LonghaulError('invalid_request', `from_step: ${issue.message}`, { issues: [issue] });
}

/** `path`: where in the request it is named. */
export function unknownStep(path: string, key: string, { id }: Execution, keys: string[]): Issue {
  const where = `GET /v1/executions/${id}/steps has those there are`;
  return { path, message: `${unknownName('step', key.slice(0, 200), keys)}; ${where}` };
}

/** Throws `already_retried` where a step is named, and the successor did not begin from it. */
export async function assertSamePlace(
  reader: ExecutionsReader,
  failed: Execution,
  successor: Execution,
  fromStep: string | undefined,
): Promise<void> {
  if (fromStep === undefined) return;
  const [submitted] = await reader.eventsAfter(successor, -1, 1);
  const place = submitted?.data['from_step'];
  if (place === fromStep) return;
  const from = typeof place === 'string' ? `step "${place}"` : 'its beginning';
  throw new LonghaulError(
    'already_retried',
    `${failed.id} was tried anew as ${successor.id}, from ${from}: cancel that one first`,
    { details: { execution_id: successor.id } },
  );
}
