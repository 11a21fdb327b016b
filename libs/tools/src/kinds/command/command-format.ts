import { ARGUMENTS_SCOPE } from '../../template/template-scope';
import { writtenCommandIssues } from '../../command/written-command-issues';
import type { ToolFormat } from '../tool-kind';
import { type CommandToolOptions, commandToolSchema } from './command-schema';

/** What a tool of `kind: command` may say. A program may read and send whatever it likes: it has every tag. */
export const commandFormat: ToolFormat<CommandToolOptions> = {
  kind: 'command',
  schema: commandToolSchema,
  usual: () => ({ effects: 'at_most_once', tags: ['reads_private', 'ingests_untrusted', 'sends_out'] }),

  /** What may be missing is a problem here: whoever calls cannot be told beforehand. */
  issues: (own, parameters) =>
    writtenCommandIssues(own, ARGUMENTS_SCOPE, parameters).map(({ path, message, hint }) => ({
      path,
      // Its own messages name the key already.
      message: message.replace(/^command\.\S+: /, ''),
      hint,
    })),

  /** Whether the program is there shows when it is called: the directory may be made until then. */
  whyUnavailable: () => undefined,
};
