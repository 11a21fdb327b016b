import type { AgentInput, SubmitRequest } from '@longhaul/agents';
import type { FastifyRequest } from 'fastify';
import { submissionHeaders } from './submission-headers';
import { ChatRequest, type InvokeRequest } from './submission.dto';

/** A checked request as the command that the agents take. */
export function toSubmitRequest(
  agentId: string,
  owner: string,
  dto: ChatRequest | InvokeRequest,
  request: FastifyRequest,
): SubmitRequest {
  const input = inputOf(dto);
  return {
    agentId,
    owner,
    input,
    ...(dto.metadata === undefined ? {} : { metadata: dto.metadata }),
    ...(dto.tags === undefined ? {} : { tags: dto.tags }),
    ...(dto.priority === undefined ? {} : { priority: dto.priority }),
    ...(dto.delay_s === undefined ? {} : { delayS: dto.delay_s }),
    ...(dto.timeout_s === undefined ? {} : { timeoutS: dto.timeout_s }),
    ...(dto.max_retries === undefined ? {} : { maxRetries: dto.max_retries }),
    ...(dto.conversation_id === undefined ? {} : { conversationId: dto.conversation_id }),
    ...submissionHeaders(request, `agents/${agentId}/${input.operation}`),
  };
}

function inputOf(dto: ChatRequest | InvokeRequest): AgentInput {
  if (!(dto instanceof ChatRequest)) return { operation: 'invoke', input: dto.input };
  return { operation: 'chat', message: dto.message, ...(dto.context === undefined ? {} : { context: dto.context }) };
}
