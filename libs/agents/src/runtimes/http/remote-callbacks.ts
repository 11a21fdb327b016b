import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { ExecutionNews } from '@longhaul/executions';
import { type Issue, isJsonObject, type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { WebhookSigner } from '@longhaul/outbound';
import { AgentRegistry } from '../../agent-registry';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../../agents-options';
import { type AnswerOutcome, storeAnswer } from './answer-statements';
import { httpAgentOf, NO_HTTP_OPTIONS } from './http-agent';
import { parseRemoteAnswer, type RemoteAnswer, withoutSecrets } from './remote-answer';

/** A callback as it came in. */
export interface RemoteCallback {
  executionId: string;
  /** The three headers of Standard Webhooks, names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes that were signed, as text. */
  text: string;
  body: unknown;
}

const SIGNATURE_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** The door for what remote agents say later. Needs no run in this process, and no key: the signature is the key. */
@Injectable()
export class RemoteCallbacks {
  constructor(
    @Inject(AGENTS_OPTIONS) private readonly options: AgentsModuleOptions,
    private readonly registry: AgentRegistry,
    private readonly database: Database,
    private readonly news: ExecutionNews,
  ) {}

  /**
   * Stores what was said; from then on it is not lost. Throws `unauthenticated`, `not_found`, `invalid_request`,
   * `already_answered` or `answer_too_late`. Saying the same again changes nothing and is no error.
   */
  async accept(callback: RemoteCallback): Promise<{ attempt: number; repeated: boolean }> {
    const headers = signatureHeaders(callback.headers);
    const { signer, secrets } = await this.agentOf(callback.executionId);
    const refusal = signer.refusal(callback.text, headers);
    if (refusal !== null) {
      throw new LonghaulError(
        'unauthenticated',
        `the signature is refused (${refusal}): sign "<webhook-id>.<webhook-timestamp>.<body>" with the agent's http.secret`,
      );
    }
    const { attempt, answer } = parse(callback);
    const outcome = await storeAnswer(this.database, callback.executionId, attempt, withoutSecrets(answer, secrets));
    assertTaken(outcome, attempt);
    this.news.tell(callback.executionId);
    return { attempt, repeated: outcome.kind === 'repeated' };
  }

  private async agentOf(executionId: string): Promise<{ signer: WebhookSigner; secrets: readonly string[] }> {
    const [row] = await this.database.read(`SELECT target FROM executions WHERE id = $1 AND kind = 'agent'`, [
      executionId,
    ]);
    const agent = row && this.registry.find(row.target as string);
    if (agent?.runtime !== 'http')
      throw new LonghaulError('not_found', `no execution "${executionId}" takes callbacks`);
    const remote = httpAgentOf(agent.frontMatter.http, this.options.defaults.http ?? NO_HTTP_OPTIONS);
    if (typeof remote === 'string') throw new LonghaulError('agent_unavailable', `agent "${agent.id}": ${remote}`);
    const { signer, secrets } = remote;
    if (signer) return { signer, secrets };
    throw new LonghaulError('unauthenticated', `agent "${agent.id}" takes no callbacks: it has no http.secret`);
  }
}

function signatureHeaders(headers: RemoteCallback['headers']): Record<string, string> {
  const missing = SIGNATURE_HEADERS.filter((name) => typeof headers[name] !== 'string');
  if (missing.length === 0) return Object.fromEntries(SIGNATURE_HEADERS.map((name) => [name, String(headers[name])]));
  throw new LonghaulError(
    'unauthenticated',
    `a callback is signed by Standard Webhooks: ${missing.join(', ')} missing; see docs/http-agents.md`,
  );
}

/** The signature covers the body and not the path, so the body says which execution it is about. */
function parse({ executionId, body }: RemoteCallback): { attempt: number; answer: RemoteAnswer } {
  if (body === undefined) throw new LonghaulError('body_required', 'the callback has no body: send a JSON object');
  const parsed = parseRemoteAnswer(body);
  const issues = [
    ...echoIssues(isJsonObject(body) ? body : {}, executionId),
    ...('issues' in parsed ? parsed.issues : []),
  ];
  if ('answer' in parsed && issues.length === 0) {
    return { attempt: Number((body as JsonObject)['attempt']), answer: parsed.answer };
  }
  const [first] = issues;
  throw new LonghaulError('invalid_request', `${first?.path || 'the body'}: ${first?.message}`, { issues });
}

function echoIssues(body: JsonObject, executionId: string): Issue[] {
  const { execution_id: id, attempt } = body;
  return [
    ...(id === executionId ? [] : [{ path: 'execution_id', message: `expected "${executionId}", as it was sent` }]),
    ...(Number.isSafeInteger(attempt) ? [] : [{ path: 'attempt', message: 'expected the number that was sent' }]),
  ];
}

function assertTaken(outcome: AnswerOutcome, attempt: number): void {
  switch (outcome.kind) {
    case 'stored':
    case 'repeated':
      return;
    case 'answered':
      throw new LonghaulError('already_answered', 'another answer came first, and stands');
    case 'late':
      throw new LonghaulError(
        'answer_too_late',
        `${outcome.reason}: nobody waits for this answer, do not send it again`,
      );
    case 'never_asked': {
      const message = `attempt ${attempt} was never sent, the last is ${outcome.lastAttempt}`;
      throw new LonghaulError('invalid_request', `attempt: ${message}`, { issues: [{ path: 'attempt', message }] });
    }
  }
}
