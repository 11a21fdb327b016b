import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';

interface Rule {
  category: string;
  priority: 'high' | 'default' | 'low';
  words: RegExp;
}

/** The first rule that finds one of its words decides. */
const RULES: Rule[] = [
  { category: 'outage', priority: 'high', words: /\b(down|outage|unreachable|data loss)\b/i },
  { category: 'billing', priority: 'default', words: /\b(invoice|refund|charged?|payment|billing)\b/i },
  { category: 'account', priority: 'default', words: /\b(password|log ?in|locked|account)\b/i },
  { category: 'feature', priority: 'low', words: /\b(feature|would be nice|suggestion|wish)\b/i },
];

/** The sample code agent. Its AGENT.md in the sample workspace gives the input's schema and the description. */
@Agent({ id: 'triage' })
export class TriageAgent implements AgentHandler {
  run(context: ExecutionContext): Promise<JsonObject> {
    const { subject, body } = context.input as { subject: string; body: string };
    context.progress(50, 'reading');
    return Promise.resolve(triage(subject, body));
  }
}

function triage(subject: string, body: string): JsonObject {
  for (const { category, priority, words } of RULES) {
    const found = words.exec(`${subject}\n${body}`);
    if (found) return { category, priority, reason: `it says "${found[0]}"` };
  }
  return { category: 'question', priority: 'default', reason: 'no rule knows any of its words' };
}
