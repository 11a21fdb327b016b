import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CallbackSecrets } from '@longhaul/delivery';
import { Access, assertScope } from '../auth/access';
import { Asking, type Caller } from '../auth/caller';
import { Answers, Fails } from '../openapi/answers';
import { CallbackSecretQuery } from './callback-secret.dto';

@ApiTags('webhooks')
@Controller('v1/callback-secret')
@Access('agents:run')
export class CallbackSecretController {
  constructor(private readonly secrets: CallbackSecrets) {}

  @Get()
  @ApiOperation({
    summary: 'The secret that calls to a `callback_url` are signed with',
    description:
      "The caller's own: nobody else's calls are signed with it. `for=operator`: of webhooks that gateway.yaml and AGENT.md name.",
  })
  @Answers(200, 'The same until webhooks.secret changes.', 'CallbackSecret')
  @Fails()
  async getCallbackSecret(@Query() query: CallbackSecretQuery, @Asking() caller: Caller) {
    if (query.for === undefined) return { secret: await this.secrets.of(caller.owner) };
    assertScope(caller, 'admin');
    return { secret: await this.secrets.ofOperator() };
  }
}
