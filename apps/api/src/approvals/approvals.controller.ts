import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApprovalsService } from '@longhaul/approvals';
import { isId } from '@longhaul/kernel';
import { Access } from '../auth/access';
import { Asking, type Caller, Owner } from '../auth/caller';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf } from '../lists/page';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { ApprovalIdPipe } from './approval-id.pipe';
import { approvalView } from './approval-view';
import { DecisionRequest, ListApprovalsQuery, toApprovalFilter, toDecision } from './approvals.dto';

const DEFAULT_LIMIT = 20;
const APPROVALS = { name: 'approvals', isPlace: (text: string) => isId('appr', text) };

const IdParam = () => ApiParam({ name: 'id', example: 'appr_01JD8Z4M7T9QW2X5C6V8B0N3KY' });

@ApiTags('approvals')
@Controller('v1/approvals')
@Access('executions:read')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Get()
  @ApiOperation({ summary: 'What people are, or were, asked to decide; newest first' })
  @Answers(200, 'One page.', 'ApprovalList')
  @Fails('invalid_cursor')
  async listApprovals(@Query() query: ListApprovalsQuery, @Owner() owner: string) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : decodeCursor(APPROVALS, query.cursor);
    const found = await this.approvals.list(owner, toApprovalFilter(query), limit + 1, before);
    return pageOf(found, limit, approvalView, ({ id }) => encodeCursor(APPROVALS, id));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of them, with the exact arguments' })
  @IdParam()
  @Answers(200, 'As it stands.', 'Approval')
  @Fails('not_found')
  async getApproval(@Param('id', ApprovalIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return approvalView(await this.approvals.get(id, owner));
  }

  @Post(':id/decision')
  @HttpCode(200)
  @Access('approvals:decide')
  @ApiOperation({
    summary: 'Approve it, as it is or with other arguments, or reject it',
    description:
      'Once: of several who decide at the same time one comes first, and the others are told who did. Changed arguments ' +
      'that do not fit decide nothing. The execution goes on by itself.',
  })
  @IdParam()
  @Answers(200, 'Decided.', 'Approval')
  @Fails(
    'body_required',
    'invalid_json',
    'payload_too_large',
    'unsupported_media_type',
    'not_found',
    'already_decided',
    'approval_over',
  )
  async decideApproval(
    @Param('id', ApprovalIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: DecisionRequest,
    @Asking() caller: Caller,
  ) {
    return approvalView(await this.approvals.decide(id, caller.owner, toDecision(body, caller)));
  }
}
