import type { GatewayConfig } from '@longhaul/config';

/** What a person needs first: where it is, where the docs are, and a line to paste. */
export function banner(url: string, config: GatewayConfig): string[] {
  const key = config.auth.mode === 'api_key' ? ` -H 'Authorization: Bearer <key>'` : '';
  return [
    '',
    `  Longhaul serves on ${url}  (queue: ${config.queue.backend}, database: ${config.persistence.backend})`,
    `  API docs: ${url}/docs`,
    '',
    `  curl -s ${url}/v1/agents/assistant/chat${key} -H 'Content-Type: application/json' -d '{"message":"Hello"}'`,
    '',
  ];
}
