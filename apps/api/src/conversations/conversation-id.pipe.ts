import { Injectable, type PipeTransform } from '@nestjs/common';
import { isId, LonghaulError } from '@longhaul/kernel';

/** What cannot be a conversation's id is answered without asking the database. */
@Injectable()
export class ConversationIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (isId('conv', id)) return id;
    throw new LonghaulError('not_found', 'no such conversation: ids look like conv_01J… and come from a chat');
  }
}
