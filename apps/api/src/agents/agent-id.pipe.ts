import { Injectable, type PipeTransform } from '@nestjs/common';
import { LonghaulError, AGENT_ID_PATTERN, AGENT_ID_RULE } from '@longhaul/kernel';

/** What cannot be an agent's id goes no further: nothing below ever sees `..` or NUL. */
@Injectable()
export class AgentIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (AGENT_ID_PATTERN.test(id)) return id;
    throw new LonghaulError('not_found', `no such agent: ids are ${AGENT_ID_RULE}`);
  }
}
