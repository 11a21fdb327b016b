/** The files of a new workspace, which serves as it is, offline. */
export function initFiles(command: string, folder: string): Record<string, string> {
  return {
    'gateway.yaml': GATEWAY_YAML,
    'agents/assistant/AGENT.md': AGENT_MD,
    '.gitignore': 'data/\n.env\n',
    '.env.example': ENV_EXAMPLE,
    'README.md': `# A Longhaul workspace

\`gateway.yaml\` is the configuration, \`agents/<id>/AGENT.md\` an agent: front matter, then its instructions. Copy
\`.env.example\` to \`.env\` for keys that belong in no repository.

\`\`\`sh
${command} serve -w ${folder}
${command} run assistant "Hello"
${command} config print -w ${folder}
\`\`\`
`,
  };
}

const GATEWAY_YAML = `# Every key has a default; the environment wins over this file: LONGHAUL_QUEUE__BACKEND=redis.
server:
  host: 127.0.0.1
  port: 8000

model:
  default: demo/echo # offline; for agents that name no model

persistence:
  backend: sqlite # or postgres, with url: postgres://user:password@host/database
  url: ./data/longhaul.db # relative to this file

queue:
  backend: memory # none | memory | redis | rabbitmq
  workers: 4 # executions that one process runs at a time
`;

const AGENT_MD = `---
name: assistant
description: Answers a question
execution_mode: sync
---
You are a helpful assistant. Answer clearly and briefly.
`;

const ENV_EXAMPLE = `# Copy to .env, which is read at the start and belongs in no repository.
# OPENAI_API_KEY=
# With a key, every request but health and docs needs one: Authorization: Bearer <key>
# LONGHAUL_AUTH__API_KEYS=[{"name":"me","key":"at-least-16-characters"}]
`;
