import { z } from 'zod';

/** A set of tools with the words that say how to use them: `skills/<id>/SKILL.md`. */
export interface Skill {
  /** The directory's name. */
  readonly id: string;
  /** `skills/<id>/SKILL.md`, relative to the workspace. */
  readonly file: string;
  readonly description: string;
  /** Names of tools; none twice. */
  readonly tools: readonly string[];
  /** What stands below the front matter, trimmed. */
  readonly instructions: string;
  /** `file:line` of `tools`, for messages. */
  readonly place: string;
}

export const skillSchema = z.strictObject({
  name: z.string().min(1).optional().describe("Equals the directory's name"),
  description: z.string().optional().describe('One sentence'),
  tools: z.array(z.string().min(1)).max(100).optional().describe('The tools that an agent with this skill may call'),
});
