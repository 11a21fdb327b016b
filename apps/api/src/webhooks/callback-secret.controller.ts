import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CallbackSecrets } from '@longhaul/delivery';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';

@ApiTags('webhooks')
@Controller('v1/callback-secret')
@Access('agents:run')
export class CallbackSecretController {
  constructor(private readonly secrets: CallbackSecrets) {}

  @Get()
  @ApiOperation({
    summary: 'The secret that calls to a `callback_url` are signed with',
    description: "The caller's own: nobody else's calls are signed with it.",
  })
  @Answers(200, 'The same until webhooks.secret changes.', 'CallbackSecret')
  @Fails()
  async getCallbackSecret(@Query() _query: NoQuery, @Owner() owner: string) {
    return { secret: await this.secrets.of(owner) };
  }
}
