import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Pipe, type Passage } from './pipe.js';

export type Direction = 'up' | 'down';

interface Link {
  client: Socket;
  upstream: Socket;
  pipes: Record<Direction, Pipe>;
}

const HOST = '127.0.0.1';
const FREELY: Passage = { kind: 'free' };

/**
 * A wire on loopback between a client and a server that does not know of it, and everything that can happen to a wire:
 * cut, refused, black-holed, slow, late, or dead at one end without the other's knowledge. `up` is from the client.
 */
export class TcpProxy {
  private server: Server | undefined;
  private port: number | undefined;
  private readonly links = new Set<Link>();
  private readonly passages: Record<Direction, Passage> = { up: FREELY, down: FREELY };
  private accepted = 0;

  constructor(private readonly upstreamPort: number) {}

  /** How many connections have been taken so far. */
  get connectionCount(): number {
    return this.accepted;
  }

  /** Resolves with the port that it listens on, on 127.0.0.1. */
  async start(): Promise<number> {
    await this.listen(0);
    return this.port ?? 0;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    await this.refuse(true);
    this.cut('rst');
  }

  /** Ends every connection now, at both ends: `rst` resets it, `fin` closes it in order. */
  cut(how: 'rst' | 'fin'): void {
    for (const { client, upstream } of [...this.links]) {
      for (const socket of [client, upstream]) {
        if (how === 'rst') socket.resetAndDestroy();
        else socket.destroySoon();
      }
    }
  }

  /** A dial gets ECONNREFUSED, or is taken again, on the same port. Live connections stay. */
  async refuse(on: boolean): Promise<void> {
    if (on) {
      this.server?.close();
      this.server = undefined;
      // The handle is closed in this turn of the event loop; dials are refused from the next on.
      await new Promise((resolve) => setImmediate(resolve));
    } else if (this.server === undefined) await this.listen(this.port ?? 0);
  }

  /**
   * How bytes pass from now on, on every connection there is and will be. What is held goes on its way when they pass
   * again, as TCP would see to it.
   */
  shape(passage: Passage, directions: readonly Direction[] = ['up', 'down']): void {
    for (const direction of directions) {
      this.passages[direction] = passage;
      for (const { pipes } of this.links) pipes[direction].shape(passage);
    }
  }

  /**
   * Every present connection dies as it does behind a router that has forgotten it: the server's end is gone, the client
   * hears nothing of that, and what it still sends goes nowhere. New connections are not touched.
   */
  forget(): void {
    for (const { upstream, pipes } of this.links) {
      for (const pipe of Object.values(pipes)) pipe.swallow();
      upstream.destroy();
    }
  }

  private async listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: false }, (client) => this.welcome(client));
    server.listen(port, HOST);
    await once(server, 'listening');
    this.server = server;
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
  }

  private welcome(client: Socket): void {
    this.accepted += 1;
    const upstream = connect({ host: HOST, port: this.upstreamPort });
    const pipes = { up: new Pipe(client, upstream), down: new Pipe(upstream, client) };
    for (const direction of ['up', 'down'] as const) pipes[direction].shape(this.passages[direction]);
    const link = { client, upstream, pipes };
    this.links.add(link);
    // An error closes the socket; 'close' follows and does what there is to do.
    for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', () => socket.destroy());
    client.on('close', () => {
      this.links.delete(link);
      upstream.destroy();
      for (const pipe of Object.values(pipes)) pipe.swallow();
    });
    upstream.on('close', () => {
      if (!pipes.down.swallows) void pipes.down.drained().then(() => client.destroySoon());
    });
  }
}
