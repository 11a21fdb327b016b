import type { ExecutionContext, StepContext } from '@longhaul/executions';
import { isJsonObject, type JsonObject, type JsonValue, LonghaulError } from '@longhaul/kernel';
import type { ModelMessage, OfferedTool, ToolRequest } from '@longhaul/models';
import { checkArguments, needsApproval, needsAPerson, type Tool } from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';
import { type ApprovalTerms, expiryOf } from '../../../definition/approval-terms';
import { untilCalled } from './call-tool';
import { HeardTools } from './heard-tools';
import { startJob } from './job-tools';
import { askOwn, isOwn, type OwnTool } from './own-tool';
import { ownTools } from './own-tools';
import { callInQueue } from './queued-call';
import { tagsNow, type ToolSources, toolsOf } from './tool-sources';
import { type ToolAnswer, type ToolPlan, toolStep, wasTold } from './tool-step';
import {
  changedArguments,
  notApproved,
  unavailableTool,
  unknownTool,
  unreadableArguments,
  wrongArguments,
} from './tool-texts';

/** The tools of one agent in one run: those of its AGENT.md, its skills and its MCP servers, and no others. */
export class Toolbox {
  private readonly own: OwnTool[];
  private readonly heard = new HeardTools();
  private hasHeardJobs = false;
  private starting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly agent: Pick<AgentDefinition, ToolFields>,
    private readonly from: ToolSources,
    private readonly context: ExecutionContext,
  ) {
    this.own = ownTools(agent, from, context);
  }

  /** Whether the agent is to have tools, be they there or not. */
  get isEmpty(): boolean {
    const { tools, mcpServers, delegatesTo } = this.agent;
    return tools.length === 0 && mcpServers.length === 0 && delegatesTo.length === 0;
  }

  /** Waits until its MCP servers have told of their tools; rejects when one cannot be asked. What jobs have said is heard. */
  async ready(): Promise<void> {
    const named = this.agent.tools.filter((name) => name.includes('__')).map((name) => name.split('__')[0] ?? '');
    await this.from.servers.ready([...this.agent.mcpServers, ...named], this.context.signal);
    if (this.isEmpty) return;
    const jobs = await this.from.jobs.heardBy(this.context);
    for (const name of jobs) this.heard.add(name, tagsNow(name, this.from));
    this.hasHeardJobs = jobs.length > 0;
  }

  /** As they are now: a server's tools come and go. */
  offered(): OfferedTool[] {
    const there = this.tools().filter(({ definition }) => definition.unavailableReason === undefined);
    return [...there.map(({ definition }) => definition), ...this.own].map(({ name, description, parameters }) => ({
      name,
      description,
      parameters,
    }));
  }

  /**
   * Calls all of them at once, each as a step `tool:<turn>:<n>`, and answers what the model is told of each, in their
   * order. Rejects after the last one has ended, with the error that leaves least hope.
   */
  async callAll(turn: number, requests: readonly ToolRequest[]): Promise<ModelMessage[]> {
    const settled = await Promise.allSettled(
      requests.map((request, index) => this.call(`tool:${turn}:${index + 1}`, request)),
    );
    const reasons: unknown[] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (reasons.length > 0) {
      this.context.signal.throwIfAborted();
      throw reasons.find((reason) => reason instanceof LonghaulError && !reason.retryable) ?? reasons[0];
    }
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  private async call(key: string, request: ToolRequest): Promise<ModelMessage> {
    const plan = await this.settle(key, await this.wishOf(key, request));
    const {
      text,
      isError,
      tags = [],
    } = await untilCalled(key, this.context, (step, before) =>
      toolStep(step, request, plan, this.context, this.from.calls, before),
    );
    const { id: callId, name } = request;
    this.heard.add(name, tags);
    return { role: 'tool', callId, name, text, ...(isError ? { isError } : {}) };
  }

  /** What is not to be called waits for nobody; what a person must decide on, and what others are asked for, does. */
  private async settle(key: string, wish: Wish): Promise<ToolPlan> {
    if ('refusal' in wish) return { told: { text: wish.refusal, isError: true } };
    const allowed = wish.terms ? await this.approved(key, wish, wish.terms) : wish;
    if ('refusal' in allowed) return { told: { text: allowed.refusal, isError: true } };
    const { tool, args, isJob = false, remark = '' } = allowed;
    if (isJob && !isOwn(tool)) {
      return { act: (step) => this.startOne(tool, args, step, remark), effects: 'idempotent' };
    }
    if (isOwn(tool) && tool.act) {
      const { act } = tool;
      return { act: () => act(args), effects: 'repeatable' };
    }
    if (!isOwn(tool) && tool.definition.queue === undefined) return { tool, args, remark };
    // What failed on the way to it, and did not fail this, is not asked for anew by a later attempt.
    if (await wasTold(key, this.context)) return { told: { text: '' } };
    const told = isOwn(tool) ? await askOwn(tool, key, args) : await callInQueue(key, tool, args, this.context);
    const { tags } = isOwn(tool) ? tool : tool.definition;
    return { told: { tags, ...told, text: remark + told.text } };
  }

  /** One after the other, so that all of a turn are counted. */
  private startOne(tool: Tool, args: JsonObject, { stepId }: StepContext, remark: string): Promise<ToolAnswer> {
    const started = this.starting.then(() => startJob({ tool, args }, stepId, this.from.jobs, this.context));
    this.starting = started.catch(() => undefined);
    return started.then((answer) => ({ ...answer, text: remark + answer.text }));
  }

  private async approved(key: string, call: Call, terms: ApprovalTerms): Promise<Call | Refusal> {
    const { name, parameters } = isOwn(call.tool) ? call.tool : call.tool.definition;
    const decision = await this.context.step.waitForApproval(`${key}:approval`, {
      subject: name,
      arguments: call.args,
      schema: parameters,
      ...expiryOf(terms),
    });
    if (!decision.approved) return { refusal: notApproved(name, decision) };
    // They fitted what was wanted when it was asked, perhaps days ago.
    const issues = checkArguments({ parameters }, decision.arguments);
    if (issues.length > 0) return { refusal: wrongArguments(name, issues) };
    const remark = changedArguments(call.args, decision.arguments);
    return { ...call, args: decision.arguments, remark };
  }

  private async wishOf(key: string, { name, arguments: args }: ToolRequest): Promise<Wish> {
    const own = this.own.find((one) => one.name === name);
    const tool = own ?? this.tools().find(({ definition }) => definition.name === name);
    if (!tool) {
      const known = this.offered().map((one) => one.name);
      return { refusal: unknownTool(name, known) };
    }
    const wish = await this.checked(key, tool, args);
    if ('refusal' in wish || !own?.starts) return wish;
    const job = own.starts(wish.args);
    if (!job) return { refusal: unreadableArguments(name) };
    const inner = await this.checked(key, job.tool, job.args);
    return 'refusal' in inner ? inner : { ...inner, isJob: true };
  }

  private async checked(key: string, tool: Tool | OwnTool, args: JsonValue): Promise<Wish> {
    const definition = isOwn(tool) ? tool : tool.definition;
    const { name } = definition;
    const reason = isOwn(tool) ? undefined : tool.definition.unavailableReason;
    if (reason !== undefined) return { refusal: unavailableTool(name, reason) };
    if (typeof args === 'string') return { refusal: unreadableArguments(name) };
    const issues = checkArguments(definition, args);
    if (issues.length > 0) return { refusal: wrongArguments(name, issues) };
    if (!isJsonObject(args)) return { refusal: unreadableArguments(name) };
    const isHarmless = isOwn(tool) && (tool.isHarmless ?? tool.starts !== undefined);
    const terms = isHarmless ? undefined : await this.termsOf(key, definition);
    return { tool, args, ...(terms ? { terms } : {}) };
  }

  /**
   * On what terms a person is to be asked; undefined: nobody is. Once one was asked, his word is waited for: an agent may
   * have lost tools since, and what it heard stays heard. Nobody is asked about what another execution has done, whose
   * steps this one has, and which had not heard of a job.
   */
  private async termsOf(key: string, definition: Tagged): Promise<ApprovalTerms | undefined> {
    const { requiresApproval, approvalTerms } = this.agent;
    const tools = [...this.tools().map((one) => one.definition), ...this.own, ...this.heard.all()];
    const isAsked = needsApproval(definition, { tools, requiresApproval })
      ? !this.hasHeardJobs || !(await wasTold(key, this.context))
      : (await this.context.step.statusOf(`${key}:approval`)) !== null;
    if (!isAsked) return undefined;
    return needsAPerson(definition, { tools }) ? { ...approvalTerms, onExpiry: 'reject' } : approvalTerms;
  }

  /** None of the name of one of the loop itself, should a file be so called since the agent was loaded. */
  private tools(): Tool[] {
    const names = new Set(this.own.map(({ name }) => name));
    return toolsOf(this.agent, this.from).filter(({ definition }) => !names.has(definition.name));
  }
}

interface Refusal {
  refusal: string;
}
interface Call {
  tool: Tool | OwnTool;
  args: JsonObject;
  /** A person decides first, on these. */
  terms?: ApprovalTerms;
  /** It is started, and not waited for. */
  isJob?: true;
  /** What the model is told before the answer. */
  remark?: string;
}
type ToolFields = 'tools' | 'mcpServers' | 'delegatesTo' | 'requiresApproval' | 'approvalTerms';
type Tagged = Parameters<typeof needsApproval>[0];
type Wish = Call | Refusal;
