import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { agentDefaults, toolSettings } from '@longhaul/gateway';
import { loadToolCatalogue } from '@longhaul/tools';

const FIXTURES = join(__dirname, '../../fixtures/agents-gateway');

/** A workspace written for the Python agents-gateway, loaded as it is. */
function load(name: string, env: Record<string, string> = {}) {
  const workspace = makeWorkspace();
  cpSync(join(FIXTURES, name), workspace, { recursive: true });
  const loaded = loadGatewayConfig({ workspace, env });
  const { config, warnings } = loaded;
  const { definitions, problems, warnings: ofAgents } = loadCatalogue(workspace, agentDefaults(config));
  const agents = new Map(definitions.map((agent) => [agent.id, agent]));
  const tools = loadToolCatalogue(toolSettings(loaded, workspace));
  problems.push(...tools.problems);
  const told = [...ofAgents, ...tools.warnings].map(({ path, message }) => `${path} ${message}`);
  return { config, settings: warnings.map(({ path }) => path).sort(), agents, problems, told };
}

describe('a workspace of the Python agents-gateway', () => {
  it('loads with every agent and every documented key', () => {
    const { agents, problems } = load('studio');
    expect(problems).toEqual([]);
    expect([...agents.keys()]).toEqual(['mail-writer', 'math-helper', 'night-report', 'trip_planner']);
    expect(agents.get('trip_planner')).toMatchObject({
      displayName: 'Trip planner',
      version: '1',
      model: 'google/gemini-2.0-flash',
      executionMode: 'sync',
      inputSchema: { required: ['city'] },
    });
    expect(agents.get('mail-writer')).toMatchObject({
      model: 'openai/gpt-4o',
      fallbackModel: 'openai/gpt-4o-mini',
      temperature: 0.4,
      executionMode: 'async',
    });
    expect(agents.get('math-helper')).toMatchObject({
      displayName: 'Math Helper',
      model: 'anthropic/claude-3-5-sonnet-20241022',
    });
    expect(agents.get('night-report')?.outputSchema).toMatchObject({ required: ['lines'] });
  });

  it('tells its models what it told them there', () => {
    expect(load('studio').agents.get('mail-writer')?.instructions).toBe(
      [
        '# Studio North\n\nYou work for Studio North, a small design studio.',
        '<context file="shared/tone.md">\nShort sentences.\n</context>',
        '<context file="agents/mail-writer/context/01-greeting.md">\nGreet by first name.\n</context>',
        'You write mail.',
        '- Say when you are not sure.',
        '- Never promise a date.',
      ].join('\n\n'),
    );
  });

  it('is told what its keys, tools and models do not do here, each by its place', () => {
    const { told, settings } = load('studio');
    expect(told).toEqual(
      expect.arrayContaining([
        'tools/find-hotels/handler.py is Python, which the gateway does not run',
        'tools/fetch-page/TOOL.md:2 names no kind, and nothing else says what carries it out: no model is offered it',
        'agents/mail-writer/AGENT.md:10 "retrievers" is not supported by Longhaul and is ignored',
        'agents/mail-writer/AGENT.md:12 "scope" is not supported by Longhaul and is ignored',
        'agents/mail-writer/AGENT.md:13 "setup_schema" is not supported by Longhaul and is ignored',
        'agents/mail-writer/AGENT.md:4 model "gpt-4o" is read as openai/gpt-4o',
        'agents/math-helper/AGENT.md:2 name: "Math Helper" is read as a title',
        'agents/night-report/AGENT.md:2 "schedules" is accepted but not used yet',
        'agents/trip_planner/AGENT.md:9 mcp_servers: unknown MCP server "maps"',
      ]),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/^agents\/math-helper\/AGENT.md:3 is unavailable: .* set ANTHROPIC_API_KEY/),
    );
    const sections = ['context', 'context_retrieval', 'cors', 'dashboard', 'guardrails', 'mcp', 'memory', 'rate_limit'];
    const more = ['scheduler', 'security', 'telemetry', 'timezone', 'server.workers', 'persistence.table_prefix'];
    expect(settings).toEqual(expect.arrayContaining([...sections, ...more, 'model.temperature']));
  });

  it('may have neither front matter nor gateway.yaml', () => {
    const { agents, problems, told, settings } = load('bare');
    expect({ ids: [...agents.keys()], problems, told, settings }).toEqual({
      ids: ['helper'],
      problems: [],
      told: [],
      settings: [],
    });
    expect(agents.get('helper')).toMatchObject({ displayName: 'helper', executionMode: 'sync', model: 'demo/echo' });
  });

  it('starts with the settings of production, and asks only for the variables that are read here', () => {
    const env = {
      OPS_KEY: 'a-key-that-is-long-enough',
      VIEWER_KEY: 'another-key-that-is-long',
      DB_USER: 'me',
      REDIS_URL: 'redis://cache:6379/0',
      SLACK_TOKEN: 'xoxb-1',
    };
    const { config, agents, problems, settings } = load('production', env);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      persistence: { backend: 'postgres', url: 'postgresql://me:secret@db:5432/agents' },
      queue: { backend: 'redis', workers: 8, visibilityTimeoutS: 300, streamKey: 'ag:executions' },
      auth: { mode: 'api_key', apiKeys: [{ scopes: ['admin'] }, { scopes: ['executions:read'] }] },
    });
    expect(agents.get('analyst')).toMatchObject({ model: 'openai/gpt-4o', executionMode: 'async' });
    expect(settings).toEqual(
      expect.arrayContaining(['auth.mode', 'auth.oauth2', 'notifications.webhooks', 'telemetry']),
    );
  });
});
