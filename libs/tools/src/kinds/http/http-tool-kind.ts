import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type JsonValue, LonghaulError, PermanentError, redact, RetryableError } from '@longhaul/kernel';
import { SafeHttp } from '@longhaul/outbound';
import { ARGUMENTS_SCOPE, templateValues } from '../../template/template-scope';
import type { Tool, ToolDefinition } from '../../tool';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../../tools-options';
import { hostAllowed } from '../allowed-hosts';
import { ToolKind } from '../tool-kind';
import { expandTexts } from './expand-texts';
import { hostsOf } from './host-rule';
import { readAnswer } from './http-answer';
import { httpFormat } from './http-format';
import { renderRequest } from './http-request';
import type { HttpToolOptions } from './http-schema';

/** Calls an HTTP API on a model's behalf; only hosts that the file names, and by `SafeHttp` alone. */
@Injectable()
export class HttpToolKind extends ToolKind<HttpToolOptions> implements OnApplicationShutdown {
  readonly format = httpFormat;
  private readonly http: SafeHttp;

  constructor(@Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions) {
    super();
    this.http = new SafeHttp(options);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  /** Secrets are read for each call and kept nowhere. */
  create(own: HttpToolOptions, definition: ToolDefinition): Tool['run'] {
    return async (args, { idempotencyKey, signal }) => {
      const expanded = expandTexts(own, (text) => this.options.expand(text));
      if ('reason' in expanded) throw new PermanentError(expanded.reason, { code: 'tool_unavailable' });
      const request = renderRequest(expanded.own, templateValues(ARGUMENTS_SCOPE, args, definition.parameters));
      const hosts = hostsOf(expanded.own);
      const response = await this.http
        .request({
          ...request,
          headers: { ...request.headers, 'idempotency-key': idempotencyKey },
          allowsHost: (host) => hostAllowed(host, hosts),
          signal,
          timeoutMs: definition.timeoutMs,
        })
        .catch((error: unknown) => {
          throw error instanceof LonghaulError ? withoutSecrets(error, expanded.secrets) : error;
        });
      return readAnswer(response, expanded.secrets, definition.effects === 'at_most_once') satisfies JsonValue;
    };
  }
}

function withoutSecrets(error: LonghaulError, secrets: readonly string[]): LonghaulError {
  const message = redact(error.message, secrets);
  const more = { code: error.code, cause: error };
  return error.retryable ? new RetryableError(message, more) : new PermanentError(message, more);
}
