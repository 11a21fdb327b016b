import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { redactCut } from '@longhaul/kernel';
import type { McpCommand } from '../mcp-options';
import { NotSent } from '../not-sent';
import { LineReader } from './line-reader';
import { ServerProcess } from './server-process';

const MAX_LOG_LINE = 500;

/**
 * A server as a child process: one JSON-RPC message a line. Not the SDK's own transport, whose servers get part of the
 * gateway's environment and outlive a gateway that is killed. What is no JSON on its output is taken for a log line.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Why it ended, once it has. */
  reason: Error | undefined;
  private process: ServerProcess | undefined;
  private lastWords = '';

  constructor(
    private readonly command: McpCommand,
    private readonly log: (line: string) => void,
    private readonly secrets: readonly string[] = [],
  ) {}

  async start(): Promise<void> {
    const process = await ServerProcess.start(this.command);
    this.process = process;
    const lines = new LineReader();
    process.stdout.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) this.read(line);
      } catch (error) {
        process.stdout.removeAllListeners('data').resume();
        this.fail(error as Error);
      }
    });
    let words = '';
    process.stderr.setEncoding('utf8').on('data', (text: string) => {
      const parts = (words + text).split('\n');
      words = (parts.pop() ?? '').slice(0, MAX_LOG_LINE);
      parts.forEach((line) => this.note(line));
    });
    void process.ended.then((how) => {
      this.note(words);
      this.reason ??= new Error(this.lastWords === '' ? how : `${how}: ${this.lastWords}`);
      this.process = undefined;
      this.onclose?.();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const process = this.process;
    if (!process?.stdin.writable) throw new NotSent('has ended');
    await new Promise<void>((resolve) => process.stdin.write(`${JSON.stringify(message)}\n`, () => resolve()));
  }

  async close(): Promise<void> {
    await this.process?.stop();
  }

  /** Ends it at once, for good, because of this. */
  fail(reason: Error): void {
    this.reason ??= reason;
    this.onerror?.(reason);
    void this.close();
  }

  private read(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return this.note(line);
    }
    // The protocol above looks at its form.
    this.onmessage?.(message as JSONRPCMessage);
  }

  private note(line: string): void {
    const text = redactCut(line.trim().slice(0, MAX_LOG_LINE), this.secrets);
    if (text === '') return;
    this.lastWords = text;
    this.log(text);
  }
}
