/** An agent whose model is the fake one: it needs a provider `local`. */
export const TALKER: Record<string, string> = {
  'agents/talker/AGENT.md': `---
model: { name: local/small }
execution_mode: async
retries: { max_retries: 3, backoff: fixed, delay_s: 0.1 }
---
You are terse.
`,
};
