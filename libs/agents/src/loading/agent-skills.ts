import { type Issue, unknownName } from '@longhaul/kernel';
import type { Skill, Skills } from '@longhaul/tools';
import type { AgentFile } from './parse-agent-file';

/** The skills that an agent names, in its order and each once; a name that leads nowhere is a problem at its line. */
export function skillsOf(agent: AgentFile, { skills, broken }: Skills): { found: Skill[]; problems: Issue[] } {
  const found = new Set<Skill>();
  const problems: Issue[] = [];
  for (const [index, id] of (agent.frontMatter.skills ?? []).entries()) {
    const skill = skills.get(id);
    if (skill) found.add(skill);
    else problems.push({ path: agent.at('skills', String(index)), ...whyNone(id, [...skills.keys()], broken.has(id)) });
  }
  return { found: [...found], problems };
}

function whyNone(id: string, known: string[], isBroken: boolean) {
  if (isBroken) {
    const hint = `see what is said of skills/${id}/SKILL.md`;
    return { message: `skills: "${id}" does not load, and neither does who relies on it`, hint };
  }
  const hint = known.length === 0 ? `write skills/${id}/SKILL.md, or remove it` : `there are: ${known.join(', ')}`;
  return { message: `skills: ${unknownName('skill', id, known)}`, hint };
}
