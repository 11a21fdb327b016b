import { type LoggerService } from '@nestjs/common';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { Tool, ToolCall } from '../tool';
import { callFailure, notReached, textOf } from './call-failure';
import { McpConnection } from './mcp-connection';
import type { McpServerOptions } from './mcp-options';
import { readAnswer } from './read-answer';
import { readToolList } from './read-tool-list';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A connection that ends before that has not been one. */
const STEADY_MS = 10_000;

/** What is known of a server's tools. */
export interface McpServerNews {
  tools: readonly Tool[];
  /** Sentences' ends, after the server's name. */
  complaints: readonly string[];
}

/**
 * One MCP server: connected when it is first asked for or started, and again, after growing pauses, whenever it is lost.
 * Its tools stay known while it is away.
 */
export class McpServer {
  private current: Promise<McpConnection> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;
  private readonly ending = new AbortController();
  private listed = false;
  private news: McpServerNews = { tools: [], complaints: [] };

  constructor(
    readonly options: McpServerOptions,
    private readonly version: string,
    private readonly logger: LoggerService,
    private readonly onNews: (news: McpServerNews) => void,
  ) {}

  /** Connects without being waited for. */
  start(): void {
    this.connect().catch(() => undefined);
  }

  /** Resolves once it has told of its tools. Rejects with `NoEffectError` when it cannot. */
  async ready(signal: AbortSignal): Promise<void> {
    if (!this.listed) await this.connected(signal);
  }

  /** As it last told of them, in its order. */
  get tools(): readonly Tool[] {
    return this.news.tools;
  }

  get toolNames(): string[] {
    return this.news.tools.map(({ definition }) => definition.name);
  }

  /** Resolves when its process is gone. Nothing is connected any more. */
  async stop(): Promise<void> {
    this.ending.abort(new Error('the gateway is ending'));
    clearTimeout(this.retry);
    const connection = await this.current?.catch(() => undefined);
    await connection?.close();
  }

  /**
   * Calls a tool. A server that turns out not to be there any more, so that nothing was carried out, is connected to anew
   * and asked once more.
   */
  async call(tool: Tool, remoteName: string, args: JsonObject, call: ToolCall): Promise<JsonValue> {
    const { name } = tool.definition;
    for (let isLast = false; ; isLast = true) {
      const connection = await this.connected(call.signal);
      try {
        const answer = await connection.call(remoteName, args, call.idempotencyKey, call.signal);
        return readAnswer(name, answer, this.options.secrets);
      } catch (cause) {
        call.signal.throwIfAborted();
        const { error, stale } = callFailure(this.options, name, cause, connection.closedBecause);
        if (stale) await this.drop(connection);
        if (!stale || isLast) throw error;
      }
    }
  }

  private async connected(signal: AbortSignal): Promise<McpConnection> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([this.connect(), aborted]);
    } catch (error) {
      signal.throwIfAborted();
      throw notReached(this.options, error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** The connection, or the attempt at one that is under way. */
  private connect(): Promise<McpConnection> {
    if (this.ending.signal.aborted) return Promise.reject(this.ending.signal.reason as Error);
    return (this.current ??= this.open());
  }

  private async open(): Promise<McpConnection> {
    clearTimeout(this.retry);
    let since: number | undefined;
    const onClosed = (reason: Error) => {
      if (since !== undefined) this.lost(reason, performance.now() - since < STEADY_MS);
    };
    try {
      const onToolsChanged = () => void this.listAgain(connection);
      const events = { onToolsChanged, onLog: (line: string) => this.log(line), onClosed };
      const connection = await McpConnection.open(this.options, this.version, events, this.ending.signal);
      try {
        await this.list(connection);
      } catch (error) {
        await connection.close();
        throw error;
      }
      since = performance.now();
      this.logger.log(`MCP server "${this.options.name}" is connected: ${this.news.tools.length} tools`);
      return connection;
    } catch (error) {
      this.lost(error, true);
      throw error;
    }
  }

  private log(line: string): void {
    this.logger.debug?.(`${this.options.name}: ${line}`);
  }

  /** Lets go of a connection that nobody has ended. */
  private async drop(connection: McpConnection): Promise<void> {
    const held = this.current;
    if ((await held?.catch(() => undefined)) === connection && this.current === held) this.current = undefined;
    await connection.close();
  }

  private lost(reason: unknown, soon: boolean): void {
    this.current = undefined;
    if (this.ending.signal.aborted) return;
    this.failures = soon ? this.failures + 1 : 0;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(this.failures, 10), LONGEST_PAUSE_MS);
    const waitMs = Math.round(pause * (0.8 + Math.random() * 0.4));
    const { name, secrets } = this.options;
    this.logger.warn(
      `MCP server "${name}" ${textOf(reason, secrets)}; trying again in ${(waitMs / 1000).toFixed(1)} s`,
    );
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.start(), waitMs).unref();
  }

  private async listAgain(connection: McpConnection): Promise<void> {
    try {
      await this.list(connection);
    } catch (error) {
      this.logger.warn(
        `MCP server "${this.options.name}" has changed its tools and does not list them: ${textOf(error)}`,
      );
    }
  }

  private async list(connection: McpConnection): Promise<void> {
    const { tools, complaints } = readToolList(this.options, await connection.listTools());
    this.news = {
      tools: tools.map(({ definition, remoteName }): Tool => {
        const tool: Tool = { definition, run: (args, call) => this.call(tool, remoteName, args, call) };
        return tool;
      }),
      complaints,
    };
    this.listed = true;
    this.onNews(this.news);
  }
}
