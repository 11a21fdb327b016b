import { defineAgent } from 'longhaul';

/** The first rule that finds one of its words decides. */
const RULES = [
  { category: 'outage', priority: 'high', words: /\b(down|outage|unreachable|data loss)\b/i },
  { category: 'billing', priority: 'default', words: /\b(invoice|refund|charged?|payment|billing)\b/i },
  { category: 'account', priority: 'default', words: /\b(password|log ?in|locked|account)\b/i },
  { category: 'feature', priority: 'low', words: /\b(feature|would be nice|suggestion|wish)\b/i },
];

/** The sample code agent. agents/triage/AGENT.md gives the input's schema and the description. */
export default defineAgent({ id: 'triage' }, async (context) => {
  const { subject, body } = context.input;
  context.progress(50, 'reading');
  for (const { category, priority, words } of RULES) {
    const found = words.exec(`${subject}\n${body}`);
    if (found) return { category, priority, reason: `it says "${found[0]}"` };
  }
  return { category: 'question', priority: 'default', reason: 'no rule knows any of its words' };
});
