import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DATA_SOURCE } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { Repository } from 'typeorm';
import { Conversation } from './entities/conversation.entity';

/** Reads, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class ConversationsReader {
  constructor(@InjectRepository(Conversation, DATA_SOURCE) private readonly conversations: Repository<Conversation>) {}

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<Conversation> {
    const conversation = await this.conversations
      .createQueryBuilder('c')
      .where('c.owner = :owner AND c.id = :id', { owner, id })
      .getOne();
    if (!conversation) throw conversationNotFound(id);
    return conversation;
  }

  /** Newest first, by their ids; `before` is the id of the last one seen. `target`: what their first turn was for. */
  list(owner: string, filter: { target?: string }, limit: number, before?: string): Promise<Conversation[]> {
    const query = this.conversations.createQueryBuilder('c').where('c.owner = :owner', { owner });
    if (before !== undefined) query.andWhere('c.id < :before', { before });
    if (filter.target !== undefined) query.andWhere('c.target = :target', { target: filter.target });
    return query.orderBy('c.id', 'DESC').limit(limit).getMany();
  }
}

export function conversationNotFound(id: string): LonghaulError {
  const message = `no conversation "${id.slice(0, 64)}"; ids come from the answer to a chat, or GET /v1/conversations`;
  return new LonghaulError('not_found', message);
}
