import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgentFiles } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import type { ExecutionContext } from '@longhaul/executions';
import { SAMPLE_AGENTS, sampleAgentsFor } from '.';
import { TriageAgent } from './triage.agent';

const SAMPLE_WORKSPACE = join(__dirname, '../../../../workspace');

describe('the sample workspace', () => {
  it('loads without a problem or a warning', () => {
    expect(loadGatewayConfig({ workspace: SAMPLE_WORKSPACE, env: {} }).warnings).toEqual([]);
    const { agents, problems, warnings } = loadAgentFiles(SAMPLE_WORKSPACE);
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(agents.map((agent) => agent.id)).toEqual(['assistant', 'research-agent', 'triage']);
  });
});

describe('the sample code agents', () => {
  let workspace: string;
  beforeEach(() => (workspace = mkdtempSync(join(tmpdir(), 'longhaul-'))));
  afterEach(() => rmSync(workspace, { recursive: true }));

  function write(id: string, frontMatter: string): void {
    mkdirSync(join(workspace, 'agents', id), { recursive: true });
    writeFileSync(join(workspace, 'agents', id, 'AGENT.md'), `---\n${frontMatter}\n---\nText.`);
  }

  it('are all asked for by the sample workspace', () => {
    expect(sampleAgentsFor(SAMPLE_WORKSPACE)).toEqual(Object.values(SAMPLE_AGENTS));
  });

  it('are kept out of a workspace that does not name them', () => {
    write('other', 'runtime: code');
    expect(sampleAgentsFor(workspace)).toEqual([]);
  });

  it("are kept out of a workspace whose agent of the same id is a model's", () => {
    write('triage', 'description: mine');
    expect(sampleAgentsFor(workspace)).toEqual([]);
  });

  it('are kept out of a workspace whose agent of the same id does not load', () => {
    write('triage', 'runtime: code\nqueue: Not A Queue');
    expect(sampleAgentsFor(workspace)).toEqual([]);
  });

  it.each([
    ['Site is down', 'Nothing loads', { category: 'outage', priority: 'high', reason: 'it says "down"' }],
    ['Question', 'Where is my invoice?', { category: 'billing', priority: 'default', reason: 'it says "invoice"' }],
    ['Hello', 'Hi', { category: 'question', priority: 'default', reason: 'no rule knows any of its words' }],
  ])('triage sorts "%s" by its words', async (subject, body, expected) => {
    const context = { input: { subject, body }, progress: () => undefined } as unknown as ExecutionContext;
    expect(await new TriageAgent().run(context)).toEqual(expected);
  });
});
