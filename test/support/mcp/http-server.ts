import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { freePort } from '../free-port';
import { makeMcpServer } from './mcp-server';

/** An MCP server over streamable HTTP on this machine, which can be killed and come back at its port. */
export class HttpMcpServer {
  /** Of every request. */
  readonly seen: IncomingHttpHeaders[] = [];
  port = 0;
  private server: Server | undefined;
  private sessions = new Map<string, StreamableHTTPServerTransport>();

  constructor(
    private readonly options: { ledger?: string; hostile?: boolean } = {},
    private readonly instead?: RequestListener,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  async start(): Promise<this> {
    this.server = createServer((request, response) => {
      this.seen.push(request.headers);
      if (this.instead) return this.instead(request, response);
      void this.transportOf(request.headers['mcp-session-id']).then((transport) => {
        if (transport) return transport.handleRequest(request, response);
        return void response.writeHead(404).end();
      });
    });
    this.port ||= await freePort();
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  /** As a server does that was restarted behind its proxy. */
  forget(): void {
    this.sessions = new Map();
  }

  /** Ends it in the middle of whatever it is at; its sessions are forgotten. */
  async kill(): Promise<void> {
    const server = this.server;
    this.forget();
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async transportOf(
    session: string | string[] | undefined,
  ): Promise<StreamableHTTPServerTransport | undefined> {
    if (session !== undefined) return this.sessions.get(String(session));
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.sessions.set(id, transport),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    await makeMcpServer(this.options).connect(transport);
    return transport;
  }
}
