import { Inject, Injectable } from '@nestjs/common';
import {
  type Execution,
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  type SubmitOutcome,
} from '@longhaul/executions';
import { type Issue, LonghaulError } from '@longhaul/kernel';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../agents-options';
import { AgentsService } from '../agents.service';
import { fullModelName } from '../definition/model-name';
import { assertAgent } from '../retries/assert-agent';
import { askedAnew } from '../retries/changed-input';
import { assertFits, assertRunnable } from '../submission-checks';
import { forkCommand } from './fork-command';
import type { ForkRequest } from './fork-request';
import { overrideIssues } from './override-issues';
import { sharedSteps } from './shared-steps';

/** Executions that are over, done again with something changed, from a step on. The one that is forked never changes. */
@Injectable()
export class ForksService {
  constructor(
    private readonly agents: AgentsService,
    private readonly executions: ExecutionsService,
    private readonly reader: ExecutionsReader,
    @Inject(AGENTS_OPTIONS) private readonly options: AgentsModuleOptions,
  ) {}

  /**
   * Has it accepted. Throws `not_found`, `not_over`, `invalid_request` with an issue for everything wrong, its path in
   * the request's body, and all that a submission may.
   */
  async fork(id: string, owner: string, asked: ForkRequest): Promise<SubmitOutcome> {
    const source = await this.reader.get(id, owner);
    assertAgent(source, 'fork');
    assertOver(source);
    const agent = this.agents.get(source.target);
    assertRunnable(agent);
    const input = askedAnew(source, asked.input);
    const { providers = [] } = this.options.defaults;
    const configured = providers.map(({ name }) => name);
    const { model } = asked;
    const request = { ...asked, ...(model === undefined ? {} : { model: fullModelName(model, configured) }) };
    const shared = await sharedSteps(this.reader, source, agent, request);
    assertNone([...overrideIssues(agent, request, providers), ...shared.issues]);
    assertFits(agent, input);
    const { fromStep, except, results } = shared;
    const checked = { agent, input, fromStep, except };
    return this.executions.submit(forkCommand(source, { ...request, stepResults: results }, checked));
  }
}

/** Until then its journal is written, and what a fork would share with it is not settled. */
function assertOver({ id, status }: Execution): void {
  if (isTerminal(status)) return;
  throw new LonghaulError(
    'not_over',
    `${id} is ${status}, and its steps are not settled: fork it when it is over, or cancel it first`,
    { details: { execution_id: id } },
  );
}

function assertNone(issues: Issue[]): void {
  const [first] = issues;
  if (!first) return;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more: see errors` : '';
  throw new LonghaulError('invalid_request', `${first.path}: ${first.message}${more}`, { issues });
}
