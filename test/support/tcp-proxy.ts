import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** What the proxy does with bytes, in both directions, from the moment it is set. */
export type ProxyMode =
  | { kind: 'pass' }
  /** Each piece arrives this much later, in order. */
  | { kind: 'delay'; ms: number }
  /** Nothing arrives and nobody is told; new connections starve. As on a cut line, TCP brings it all when it is over. */
  | { kind: 'blackhole' }
  /** Connections are reset, the open ones and each new one. */
  | { kind: 'reset' }
  /**
   * A connection is reset once this many more bytes went from the client to the server, the last piece cut short;
   * `of: 'answers'`: from the server to the client.
   */
  | { kind: 'cut'; afterBytes: number; of?: 'answers' }
  /** The connection by which `asked` went is reset in place of the answer with `answer`. Once: then all passes. */
  | { kind: 'lose'; asked: string; answer: string };

/** A TCP proxy before a real server, to be told how the network misbehaves. */
export class TcpProxy {
  private mode: ProxyMode = { kind: 'pass' };
  private budget = Infinity;
  private readonly sockets = new Set<Socket>();
  /** The server's ends of the connections by which `asked` went. */
  private asking = new WeakSet<Socket>();
  /** What is late on its way to a socket: nothing overtakes it. */
  private readonly late = new WeakMap<Socket, Promise<void>>();
  /** How many answers were lost. */
  lost = 0;

  private constructor(
    private readonly target: { host: string; port: number },
    private readonly server: Server,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** A proxy before the server of this address; `url(…)` is the same address through the proxy. */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const proxy = new TcpProxy({ host: hostname, port: Number(port) }, server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  url(original: string): string {
    const url = new URL(original);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.toString();
  }

  get connections(): number {
    return this.sockets.size / 2;
  }

  set(mode: ProxyMode): void {
    this.mode = mode;
    this.budget = mode.kind === 'cut' ? mode.afterBytes : Infinity;
    this.asking = new WeakSet();
    if (mode.kind === 'reset') this.resetAll();
    for (const socket of this.sockets) this.flow(socket);
  }

  /** Resets the open connections; new ones get through as the mode says. */
  resetAll(): void {
    for (const socket of this.sockets) reset(socket);
  }

  async close(): Promise<void> {
    this.resetAll();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    if (this.mode.kind === 'reset') return void client.resetAndDestroy();
    const server = createConnection(this.target);
    for (const [from, to, upstream] of [[client, server, true] as const, [server, client, false] as const]) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      from.on('data', (bytes: Buffer) => this.carry(bytes, from, to, upstream));
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      this.flow(from);
    }
  }

  private carry(bytes: Buffer, from: Socket, to: Socket, upstream: boolean): void {
    switch (this.mode.kind) {
      case 'pass':
      case 'blackhole':
      case 'reset': {
        const late = this.late.get(to);
        return void (late ? late.then(() => to.write(bytes)) : to.write(bytes));
      }
      case 'delay': {
        const { ms } = this.mode;
        const { promise, resolve } = Promise.withResolvers<void>();
        setTimeout(() => {
          to.write(bytes);
          resolve();
        }, ms);
        return void this.late.set(to, promise);
      }
      case 'cut': {
        if (upstream === (this.mode.of !== 'answers')) this.budget -= bytes.length;
        if (this.budget >= 0) return void to.write(bytes);
        to.write(bytes.subarray(0, bytes.length + this.budget));
        to.destroySoon();
        return reset(from);
      }
      case 'lose':
        return this.carryOrLose(bytes, from, to, upstream, this.mode);
    }
  }

  /** `asked` and `answer` are each looked for within one piece, which is what drivers and servers send them in. */
  private carryOrLose(
    bytes: Buffer,
    from: Socket,
    to: Socket,
    upstream: boolean,
    { asked, answer }: { asked: string; answer: string },
  ): void {
    if (upstream && bytes.includes(asked)) this.asking.add(to);
    if (upstream || !this.asking.has(from) || !bytes.includes(answer)) return void to.write(bytes);
    this.lost += 1;
    this.mode = { kind: 'pass' };
    reset(from);
    reset(to);
  }

  /** A socket that is not read fills the buffers of the kernel, and its peer learns nothing, not even of its end. */
  private flow(socket: Socket): void {
    if (this.mode.kind === 'blackhole') socket.pause();
    else socket.resume();
  }
}

/** Node 24 never closes the handle of a socket that is reset while it says goodbye, and the process spins at its exit. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
