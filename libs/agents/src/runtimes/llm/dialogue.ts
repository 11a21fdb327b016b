import type { ExecutionContext } from '@longhaul/executions';
import type { ModelMessage } from '@longhaul/models';
import type { AgentDefinition } from '../../definition/agent-definition';
import { askModel } from './ask-model';
import type { ModelCalls } from './model-calls';
import type { Answer, Question } from './model-step';
import { SpentLimits } from './spent-limits';
import type { Toolbox } from './tools/toolbox';

/**
 * One run's talk with a model. Turn n is the step `model:n`, whose recorded answer holds the tools that the model wants
 * called; each of them is the step `tool:n:i`. Whoever goes on after a crash comes by the same answers to the same place.
 */
export class Dialogue {
  private readonly messages: ModelMessage[];
  private readonly spent: SpentLimits;

  constructor(
    private readonly agent: AgentDefinition,
    private readonly question: Question,
    private readonly calls: ModelCalls,
    private readonly toolbox: Toolbox,
    private readonly context: ExecutionContext,
  ) {
    this.messages = [...question.messages];
    this.spent = new SpentLimits(agent);
  }

  /** The answer that wants no tool called, after as many turns as that takes. */
  async answer(): Promise<Answer> {
    for (;;) {
      const turn = this.spent.beginTurn();
      const answer = await this.askModel(turn);
      this.spent.endTurn(answer.tokens ?? 0);
      const { toolCalls = [] } = answer;
      if (toolCalls.length === 0) return answer;
      this.spent.assertRoomFor(toolCalls.length);
      const told = await this.toolbox.callAll(turn, toolCalls);
      this.messages.push({ role: 'assistant', text: answer.text, toolCalls }, ...told);
    }
  }

  /** The same, after the model was told what is wrong with what it said last. */
  answerAgain(said: string, wrong: string): Promise<Answer> {
    this.spent.assertRoomFor(0);
    this.messages.push({ role: 'assistant', text: said }, { role: 'user', text: wrong });
    return this.answer();
  }

  private askModel(turn: number): Promise<Answer> {
    const { maxTurns } = this.agent.limits;
    const tools = this.toolbox.offered();
    if (!this.toolbox.isEmpty) {
      const percent = Math.floor((100 * (turn - 1)) / maxTurns);
      this.context.progress(percent, `turn ${turn} of ${maxTurns}`, `model:${turn}`);
    }
    const question = { ...this.question, messages: [...this.messages], ...(tools.length === 0 ? {} : { tools }) };
    const choice = { name: this.agent.model, fallback: this.agent.fallbackModel };
    return askModel(`model:${turn}`, { choice, question, calls: this.calls, context: this.context });
  }
}
