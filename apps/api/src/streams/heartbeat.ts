import type { WebSocket } from 'ws';

interface Peer {
  /** It answered the last ping. */
  answered: boolean;
  /** Bytes that it had not taken at the last ping, and frames that it had. */
  stuck: number;
  taken: number;
}

/**
 * Pings every connection and cuts those that did not answer the ping before: a peer that went without a word is seen
 * by nothing else for many minutes. One that is slow and takes what it is sent is not dead, though its answer is late.
 */
export class Heartbeat {
  private readonly peers = new Map<WebSocket, { peer: Peer; takenOf: () => number }>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly everyMs: number) {}

  /** Until it closes. `takenOf`: frames that were handed on so far. */
  watch(socket: WebSocket, takenOf: () => number): void {
    const peer = { answered: true, stuck: 0, taken: 0 };
    this.peers.set(socket, { peer, takenOf });
    socket.on('pong', () => (peer.answered = true));
    socket.once('close', () => {
      this.peers.delete(socket);
      if (this.peers.size === 0) this.stop();
    });
    this.timer ??= setInterval(() => this.beat(), this.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private beat(): void {
    for (const [socket, { peer, takenOf }] of this.peers) {
      const taken = takenOf();
      // Its window was full and is no longer: only a living peer does that.
      const takes = peer.stuck > 0 && taken > peer.taken;
      if (!peer.answered && !takes) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping();
      Object.assign(peer, { answered: false, stuck: socket.bufferedAmount, taken });
    }
  }
}
