import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

const PING_BYTES = 8;

interface Peer {
  /** What the last ping held; null once it was answered. Nobody can answer one that he has not read. */
  asked: Buffer | null;
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
    const peer: Peer = { asked: null, stuck: 0, taken: 0 };
    this.peers.set(socket, { peer, takenOf });
    socket.on('pong', (data) => {
      if (peer.asked?.equals(data)) peer.asked = null;
    });
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
      const asked = randomBytes(PING_BYTES);
      if (peer.asked && !takes) socket.terminate();
      else if (socket.readyState === socket.OPEN) socket.ping(asked);
      Object.assign(peer, { asked, stuck: socket.bufferedAmount, taken });
    }
  }
}
