import { NO_CHANNELS, readTargets, targetProblem } from '@longhaul/config';
import { placeholderIssues } from '../../template/placeholder-issues';
import { isFixed } from '../../template/template';
import { ARGUMENTS_SCOPE } from '../../template/template-scope';
import type { KindIssue, ToolFormat } from '../tool-kind';
import { type NotifyToolOptions, notifySchema } from './notify-schema';

/** What a tool of `kind: notify` may say. A call that is repeated is the same message, which is sent once. */
export const notifyFormat: ToolFormat<NotifyToolOptions> = {
  kind: 'notify',
  schema: notifySchema,
  usual: () => ({ effects: 'idempotent', tags: ['sends_out'] }),

  issues({ to, subject, text = '' }, parameters): KindIssue[] {
    const named = [to ?? []].flat().find((one) => !isFixed(String(one), ARGUMENTS_SCOPE));
    const texts: [key: string, template: string][] = [
      ['subject', subject],
      ['text', text],
    ];
    return [
      ...(named === undefined
        ? []
        : [{ path: ['to'], message: 'a recipient cannot come from an argument', hint: 'write it out' }]),
      ...texts.flatMap(([key, template]) =>
        placeholderIssues(template, ARGUMENTS_SCOPE, parameters).map(({ message, hint }) => ({
          path: [key],
          message,
          hint,
        })),
      ),
    ];
  },

  whyUnavailable({ channel, to }, { channels = NO_CHANNELS }) {
    const problems = readTargets(to === undefined ? channel : { channel, to }).map((target) =>
      targetProblem(target, channels),
    );
    const found = problems.find((problem) => problem !== undefined);
    return found && `notify: ${found.message}: ${found.hint}`;
  },
};
