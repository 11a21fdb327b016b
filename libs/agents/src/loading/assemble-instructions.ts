import type { Issue } from '@longhaul/kernel';
import type { Skill } from '@longhaul/tools';
import { readContextFiles, type ContextFile } from './context-files';
import type { AgentFile } from './parse-agent-file';
import { readProse, type SharedTexts } from './shared-texts';

const MAX_BYTES = 512 * 1024;

export type AssembledInstructions =
  { ok: true; instructions: string; bodyAt: number } | { ok: false; problems: Issue[] };

/**
 * All that a model is told before a conversation, in this order: `agents/AGENTS.md`, context files, the body of
 * AGENT.md, its skills, `agents/BEHAVIOR.md`, `agents/<id>/BEHAVIOR.md`. What many agents share stands first, where providers cache
 * it, and the guardrails stand last, where they weigh most. Other runtimes ask no model: theirs is the body.
 */
export function assembleInstructions(
  workspace: string,
  agent: AgentFile,
  shared: SharedTexts,
  skills: readonly Skill[],
): AssembledInstructions {
  if ((agent.frontMatter.runtime ?? 'llm') !== 'llm') return { ok: true, instructions: agent.body, bodyAt: 0 };
  const context = readContextFiles(workspace, agent);
  const own = readProse(workspace, `agents/${agent.id}/BEHAVIOR.md`);
  const problems = [...context.problems, ...(own.problem ? [own.problem] : [])];
  if (problems.length > 0 || shared.problems.length > 0) return { ok: false, problems };

  const before = joined([shared.instructions, ...context.files.map(marked)]);
  const instructions = joined([before, agent.body, ...skills.map(skillText), shared.behavior, own.text]);
  const bodyAt = before === '' ? 0 : before.length + GAP.length;
  const bytes = Buffer.byteLength(instructions);
  if (bytes <= MAX_BYTES) return { ok: true, instructions, bodyAt };
  const message = `has ${bytes} bytes of instructions with its context files, at most ${MAX_BYTES} are sent to a model`;
  return { ok: false, problems: [{ path: agent.at('context'), message, hint: 'name fewer or shorter files' }] };
}

const GAP = '\n\n';

function joined(parts: string[]): string {
  return parts.filter((part) => part !== '').join(GAP);
}

/** So that a model tells reference from instructions. */
function marked({ file, text }: ContextFile): string {
  return text === '' ? '' : `<context file="${file}">\n${text}\n</context>`;
}

function skillText({ id, instructions }: Skill): string {
  return instructions === '' ? '' : `<skill name="${id}">\n${instructions}\n</skill>`;
}
