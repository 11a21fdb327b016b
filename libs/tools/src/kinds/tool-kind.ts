import type { StepEffects } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import type { z } from 'zod';
import type { Tool, ToolDefinition, ToolTag } from '../tool';
import type { ToolSettings } from '../tools-options';

/** Something wrong in the object of a kind; `path` is relative to that object. */
export interface KindIssue {
  path: (string | number)[];
  message: string;
  hint: string;
}

/**
 * What a TOOL.md of one kind may say, in the object that is called like the kind: `kind: http` and `http: { url: … }`.
 * Runs nothing and opens nothing: the command line asks it without a gateway. Every format stands in tool-formats.ts.
 */
export interface ToolFormat<Own extends object = object> {
  readonly kind: string;
  /** Form of the object; the descriptions are what editors show. */
  readonly schema: z.ZodObject;
  /** What holds where the file does not say otherwise. */
  usual(own: Own): { effects: StepEffects; tags: readonly ToolTag[] };
  /** JSON Schema of the arguments where the file says nothing of them; absent: it takes none. */
  parameters?(own: Own): JsonObject | undefined;
  /** What is wrong beyond the form; `parameters` is the JSON Schema of the arguments. The tool does not load. */
  issues(own: Own, parameters: JsonObject): KindIssue[];
  /** Why this gateway cannot call it as it is configured, a sentence that names the mend. The tool is listed. */
  whyUnavailable(own: Own, settings: ToolSettings): string | undefined;
}

/**
 * What carries out the tools of one kind. An implementation is a provider in a folder of its own; tools.module.ts
 * collects them under `TOOL_KINDS`.
 */
export abstract class ToolKind<Own extends object = object> {
  abstract readonly format: ToolFormat<Own>;

  /**
   * How one tool is called; asked each time that its file is loaded, and only where the format found nothing wrong. Opens
   * nothing. See `Tool.run` for what the answer must do.
   */
  abstract create(own: Own, definition: ToolDefinition): Tool['run'];
}

export const TOOL_KINDS = Symbol('TOOL_KINDS');
