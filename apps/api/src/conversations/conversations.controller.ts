import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ConversationsService } from '@longhaul/agents';
import { isId } from '@longhaul/kernel';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf } from '../lists/page';
import { Answers, AnswersNothing, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { ConversationIdPipe } from './conversation-id.pipe';
import { conversationView, messageView } from './conversation-view';
import { ListConversationsQuery, ListMessagesQuery } from './list-conversations.dto';

const DEFAULT_LIMIT = 20;
const CONVERSATIONS = { name: 'conversations', isPlace: (text: string) => isId('conv', text) };
const MESSAGES = { name: 'messages', isPlace: (text: string) => /^\d{1,9}$/.test(text) };

/** An id as an earlier answer gave it. */
const IdParam = () => ApiParam({ name: 'id', example: 'conv_01JD8Z4M7T9QW2X5C6V8B0N3KS' });

@ApiTags('conversations')
@Controller('v1/conversations')
@Access('executions:read')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get()
  @ApiOperation({ summary: 'Conversations, newest first' })
  @Answers(200, 'One page.', 'ConversationList')
  @Fails('invalid_cursor')
  async listConversations(@Query() query: ListConversationsQuery, @Owner() owner: string) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : decodeCursor(CONVERSATIONS, query.cursor);
    const filter = query.agent === undefined ? {} : { agent: query.agent };
    const found = await this.conversations.list(owner, filter, limit + 1, before);
    return pageOf(found, limit, conversationView, ({ id }) => encodeCursor(CONVERSATIONS, id));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One conversation' })
  @IdParam()
  @Answers(200, 'Whose it was first, and how many turns it has.', 'Conversation')
  @Fails('not_found')
  async getConversation(@Param('id', ConversationIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return conversationView(await this.conversations.get(id, owner));
  }

  @Get(':id/messages')
  @ApiOperation({
    summary: 'What was said, oldest first',
    description: 'In the order of the turns. A turn that has not ended yet, or that failed, has no answer here.',
  })
  @IdParam()
  @Answers(200, 'One page.', 'MessageList')
  @Fails('not_found', 'invalid_cursor')
  async listMessages(
    @Param('id', ConversationIdPipe) id: string,
    @Query() query: ListMessagesQuery,
    @Owner() owner: string,
  ) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const after = query.cursor === undefined ? 0 : Number(decodeCursor(MESSAGES, query.cursor));
    const found = await this.conversations.messagesAfter(id, owner, after, limit + 1);
    return pageOf(found, limit, messageView, ({ seq }) => encodeCursor(MESSAGES, String(seq)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Access('agents:run')
  @ApiOperation({
    summary: 'Delete it with its messages',
    description: 'Its executions stay. Refused while a turn of it is not over: cancel that one, or wait for it.',
  })
  @IdParam()
  @AnswersNothing(204, 'It is gone.')
  @Fails('not_found', 'conversation_busy')
  deleteConversation(
    @Param('id', ConversationIdPipe) id: string,
    @Query() _query: NoQuery,
    @Owner() owner: string,
  ): Promise<void> {
    return this.conversations.delete(id, owner);
  }
}
