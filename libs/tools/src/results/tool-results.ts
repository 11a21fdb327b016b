import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { type JsonObject, type JsonValue, toJsonText } from '@longhaul/kernel';
import { Keyv, KeyvBridgeAdapter } from 'keyv';
import type { ToolDefinition } from '../tool';
import { DatabaseStore } from './database-store';
import { resultKey } from './result-key';

/** What is larger is fetched anew each time. */
const MAX_CHARS = 262_144;

/** Answers that tools gave before. Of tools that only read: what has an effect must have it each time. */
@Injectable()
export class ToolResults {
  private readonly logger = new Logger(ToolResults.name);
  private readonly kept: Keyv;

  constructor(database: Database) {
    this.kept = new Keyv({ store: new KeyvBridgeAdapter(new DatabaseStore(database)), useKeyPrefix: false });
    // Keyv tells of errors instead of throwing them: an answer that cannot be found is fetched.
    this.kept.on('error', (error: unknown) => this.logger.warn(`kept answers of tools: ${String(error)}`));
  }

  /** The answer that is kept, or that of `call`, which is kept from then on. What `call` throws is kept nowhere. */
  async through(
    tool: ToolDefinition,
    owner: string,
    args: JsonObject,
    call: () => Promise<JsonValue>,
  ): Promise<JsonValue> {
    if (tool.cacheTtlMs === undefined || tool.effects !== 'repeatable') return call();
    const key = resultKey(tool, owner, args);
    const kept = await this.kept.get<string>(key);
    if (kept !== undefined) return JSON.parse(kept) as JsonValue;
    const answer = await call();
    const text = toJsonText(answer);
    if (text.length <= MAX_CHARS) await this.kept.set(key, text, tool.cacheTtlMs);
    return answer;
  }
}
