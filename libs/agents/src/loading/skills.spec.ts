import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { loadAgentFiles } from './load-agent-files';

const AGENT = '---\nskills: [refunds, style]\n---\nI am support.';
const REFUNDS = '---\nname: refunds\ntools: [find, desk__refund, find]\n---\nFind the order first.\n';
const STYLE = 'Short sentences.';

const load = (files: Record<string, string | Uint8Array>) => loadAgentFiles(makeWorkspace(files));

describe('skills', () => {
  it('add their instructions after the own ones and before the guardrails, and their tools', () => {
    const { agents, problems, warnings } = load({
      'agents/a/AGENT.md': AGENT,
      'agents/AGENTS.md': 'We.',
      'agents/BEHAVIOR.md': 'Never lie.',
      'skills/refunds/SKILL.md': REFUNDS,
      'skills/style/SKILL.md': STYLE,
    });
    expect({ problems, warnings: warnings.filter(({ path }) => path.startsWith('skills')) }).toEqual({
      problems: [],
      warnings: [],
    });
    expect(agents[0]?.instructions).toBe(
      [
        'We.',
        'I am support.',
        '<skill name="refunds">\nFind the order first.\n</skill>',
        '<skill name="style">\nShort sentences.\n</skill>',
        'Never lie.',
      ].join('\n\n'),
    );
    const place = 'skills/refunds/SKILL.md:3';
    expect(agents[0]?.skillTools).toEqual([
      { name: 'find', place },
      { name: 'desk__refund', place },
    ]);
  });

  it('that are not there keep the agents that name them from loading, and no others', () => {
    const { agents, problems } = load({
      'agents/a/AGENT.md': '---\nskills:\n  - style\n  - refund\n---\nx',
      'agents/b/AGENT.md': 'b',
      'skills/refunds/SKILL.md': REFUNDS,
      'skills/style/SKILL.md': STYLE,
    });
    expect(agents.map(({ id }) => id)).toEqual(['b']);
    expect(problems).toEqual([
      {
        path: 'agents/a/AGENT.md:4',
        message: 'skills: unknown skill "refund", did you mean "refunds"?',
        hint: 'there are: refunds, style',
      },
    ]);
  });

  it('that do not load are told of, at themselves and at who names them', () => {
    const { agents, problems, broken } = load({
      'agents/a/AGENT.md': '---\nskills: [refunds]\n---\nx',
      'skills/refunds/SKILL.md': '---\ntols: [x]\n---\n',
    });
    expect(agents).toEqual([]);
    expect([...broken]).toEqual(['a']);
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'skills/refunds/SKILL.md:2: unknown field "tols", did you mean "tools"?',
      'agents/a/AGENT.md:2: skills: "refunds" does not load, and neither does who relies on it',
    ]);
  });

  it.each([
    ['---js', '---js\n{}\n---\nx', 1, /opens with "---js"/],
    ['an unclosed fence', '---\ntools: []\n', 1, /never closed/],
    ['a list', '---\n- a\n---\n', 2, /not a list of "key: value" lines/],
    ['tools that are a text', '---\ntools: find\n---\n', 2, /tools: expected array, got "find"/],
    ['another name', '---\nname: other\n---\n', 2, /the directory's name "bad", got "other"/],
    ['65 KB', 'x'.repeat(65 * 1024), 1, /at most 65536/],
    ['UTF-16', Buffer.from('\ufeffx', 'utf16le'), 1, /UTF-16/],
  ])('with %s are a problem with file and line', (_, content, line, message) => {
    const { agents, problems } = load({ 'agents/a/AGENT.md': 'a', 'skills/bad/SKILL.md': content });
    expect(agents.map(({ id }) => id)).toEqual(['a']);
    expect(problems).toEqual([
      {
        path: `skills/bad/SKILL.md:${line}`,
        message: expect.stringMatching(message) as string,
        hint: expect.any(String) as string,
      },
    ]);
  });

  it('may not be links out of the workspace, nor have a name that no directory of ours has', () => {
    const workspace = makeWorkspace({ 'agents/a/AGENT.md': 'a', 'skills/A B/SKILL.md': STYLE });
    symlinkSync(makeWorkspace({ 'SKILL.md': STYLE }), join(workspace, 'skills', 'away'));
    expect(loadAgentFiles(workspace).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("cannot be a skill's id"),
      expect.stringContaining('out of the workspace'),
    ]);
  });

  it('without SKILL.md, with nothing in it, or for an agent without a model are a warning', () => {
    const { warnings } = load({
      'agents/a/AGENT.md': '---\nruntime: code\nskills: [style]\n---\n',
      'skills/empty/SKILL.md': '',
      'skills/none/note.txt': '',
      'skills/style/SKILL.md': STYLE,
    });
    expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'skills/empty/SKILL.md:1: has neither tools nor instructions',
      'skills/none: has no SKILL.md',
      'agents/a/AGENT.md:3: skills: is read for runtime: llm only',
    ]);
  });
});
