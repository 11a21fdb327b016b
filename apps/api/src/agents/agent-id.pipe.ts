import { Injectable, type PipeTransform } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';

const AGENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** What cannot be an agent's id goes no further: nothing below ever sees `..` or NUL. */
@Injectable()
export class AgentIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (AGENT_ID.test(id)) return id;
    throw new LonghaulError('not_found', 'no such agent: ids are lower-case letters, digits and dashes, at most 63');
  }
}
