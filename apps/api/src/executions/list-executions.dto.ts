import { EXECUTION_STATUSES, type ExecutionFilter, type ExecutionStatus } from '@longhaul/executions';
import { ChoicesParameter, MomentParameter, NumberParameter, splitList, TextField } from '../validation/fields';

export class ListExecutionsQuery {
  @TextField({ description: "The agent's id.", max: 63 })
  agent?: string;

  @ChoicesParameter({ description: 'One or several.', choices: EXECUTION_STATUSES })
  status?: string | string[];

  @TextField({ description: 'All turns of one conversation.', max: 64 })
  conversation_id?: string;

  @TextField({ description: "The caller's own id.", max: 256 })
  correlation_id?: string;

  @TextField({ description: 'Those that carry the tag.', max: 64 })
  tag?: string;

  @MomentParameter({ description: 'Created after this moment.', example: '2026-11-22T10:00:00Z' })
  created_after?: string;

  @MomentParameter({ description: 'Created before this moment.' })
  created_before?: string;

  @TextField({ description: 'Text in the id, the agent or the input, in any case.', max: 200 })
  q?: string;

  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

export function toFilter(query: ListExecutionsQuery): ExecutionFilter {
  const status = splitList(query.status) as ExecutionStatus[];
  return {
    ...(query.agent === undefined ? {} : { target: query.agent }),
    ...(status.length === 0 ? {} : { status }),
    ...(query.conversation_id === undefined ? {} : { conversationId: query.conversation_id }),
    ...(query.correlation_id === undefined ? {} : { correlationId: query.correlation_id }),
    ...(query.tag === undefined ? {} : { tag: query.tag }),
    ...(query.created_after === undefined ? {} : { createdAfter: Date.parse(query.created_after) }),
    ...(query.created_before === undefined ? {} : { createdBefore: Date.parse(query.created_before) }),
    ...(query.q === undefined ? {} : { q: query.q }),
  };
}
