import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type AbortReason, type ExecutionContext, type ExecutionResult, RunAborted } from '@longhaul/executions';
import { inputIssues, LonghaulError, PermanentError, redact, RetryableError } from '@longhaul/kernel';
import { SafeHttp } from '@longhaul/outbound';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../../agents-options';
import type { AgentDefinition } from '../../definition/agent-definition';
import { outputInvalid } from '../../definition/output-invalid';
import { AgentRuntime } from '../agent-runtime';
import { isFinal } from './answer-statements';
import { awaitAnswer } from './await-answer';
import { type HttpAgent, type HttpAgentsOptions, httpAgentOf, NO_HTTP_OPTIONS } from './http-agent';
import { readResponse } from './read-response';
import type { FinalAnswer } from './remote-answer';
import { RemoteAnswers } from './remote-answers';
import { deleteRequest, postRequest } from './remote-request';

/** How long a remote agent may take to hear that it should stop: less than a run may take to stop. */
const STOP_MS = 3_000;
/** After a drain or a lost lease the same attempt goes on elsewhere. */
const ENDS_THE_ATTEMPT: readonly AbortReason[] = ['cancel', 'timeout', 'soft_timeout', 'idle_timeout', 'deadline'];

/**
 * Has a remote agent, in any language, do the run: a POST that is answered at once, or 202 and later by a signed
 * callback. An answer that was stored for an earlier run of the execution is taken without asking again.
 */
@Injectable()
export class HttpRuntime extends AgentRuntime implements OnApplicationShutdown {
  readonly name = 'http';
  private readonly options: HttpAgentsOptions;
  private readonly http: SafeHttp;

  constructor(
    @Inject(AGENTS_OPTIONS) options: AgentsModuleOptions,
    private readonly answers: RemoteAnswers,
  ) {
    super();
    this.options = options.defaults.http ?? NO_HTTP_OPTIONS;
    this.http = new SafeHttp(this.options);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const remote = httpAgentOf(agent.frontMatter.http, this.options);
    if (typeof remote === 'string') {
      throw new RetryableError(`agent "${agent.id}" is unavailable: ${remote}`, { code: 'agent_unavailable' });
    }
    const answer = (await this.stored(context)) ?? (await this.ask(agent, remote, context));
    if (answer.status === 'failed') throw failureOf(answer);
    const issues = agent.outputSchema === null ? [] : inputIssues(agent.outputSchema, answer.output, 'output');
    if (issues.length > 0) throw outputInvalid(agent.id, issues);
    return { output: answer.output, ...(answer.usage === undefined ? {} : { usage: answer.usage }) };
  }

  private async ask(agent: AgentDefinition, remote: HttpAgent, context: ExecutionContext): Promise<FinalAnswer> {
    try {
      const request = postRequest(remote, context, this.callbackUrl(remote, context));
      const response = await this.http.request(request).catch((error: unknown) => {
        throw error instanceof LonghaulError ? silent(error, remote) : error;
      });
      const answer = readResponse(response, remote);
      if (answer && isFinal(answer)) return answer;
      if (answer?.progress) context.progress(answer.progress.percent, answer.progress.message, answer.progress.step);
      this.assertMayCallBack(agent, remote);
      return await awaitAnswer(this.answers, context, remote.idleTimeoutMs);
    } catch (error) {
      if (context.signal.aborted) {
        await this.tellToStop(remote, context);
        throw error;
      }
      // It may have called back although its answer to the POST was lost.
      const late = await this.stored(context);
      if (late) return late;
      throw error;
    }
  }

  private async stored({ executionId, attempt }: ExecutionContext): Promise<FinalAnswer | undefined> {
    const said = await this.answers.find({ executionId, attempt });
    return said && isFinal(said.answer) ? said.answer : undefined;
  }

  private callbackUrl({ signer }: HttpAgent, { executionId }: ExecutionContext): string | null {
    const { publicUrl } = this.options;
    return signer && publicUrl !== null ? `${publicUrl}/v1/executions/${executionId}/callback` : null;
  }

  private assertMayCallBack({ id, file }: AgentDefinition, { signer }: HttpAgent): void {
    const missing = !signer
      ? `there is no secret to sign its callback with: set http.secret: "\${NAME}" in ${file ?? id}`
      : this.options.publicUrl === null &&
        'nobody knows where it could call back: set server.public_url in gateway.yaml';
    if (missing) throw new PermanentError(`the remote agent answered 202, but ${missing}`, { code: 'remote_error' });
  }

  /** Best effort, and only where the attempt ends: after a drain or a lost lease it goes on elsewhere. */
  private async tellToStop(remote: HttpAgent, context: ExecutionContext): Promise<void> {
    const { reason } = context.signal as { reason: unknown };
    if (!(reason instanceof RunAborted) || !ENDS_THE_ATTEMPT.includes(reason.reason)) return;
    await this.http
      .request(deleteRequest(remote, context, STOP_MS))
      .catch((error: unknown) => context.logger.warn(`the remote agent was not told to stop: ${String(error)}`));
  }
}

/** The error without the secrets of the agent's URL. */
function silent({ code, message, retryable }: LonghaulError, { secrets }: HttpAgent): LonghaulError {
  return new LonghaulError(code, redact(message, secrets), { retryable });
}

function failureOf({ error }: Extract<FinalAnswer, { status: 'failed' }>): RetryableError | PermanentError {
  const { code, message, retryable } = error;
  const details = code === undefined ? {} : { details: { remote_code: code } };
  return retryable ? new RetryableError(message, details) : new PermanentError(message, details);
}
