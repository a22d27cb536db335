import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP server on loopback that can be cut, and refused at, and that gives its port back when it is stopped. */
export class LoopbackServer {
  /** How many connections it ever accepted. */
  accepted = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #port = 0;

  constructor(
    serve: (socket: Socket) => void,
    readonly host = '127.0.0.1',
  ) {
    this.#server = createServer((socket) => {
      this.accepted += 1;
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
      serve(socket);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** How many connections there are. */
  get open(): number {
    return this.#sockets.size;
  }

  /** `host:port`, as in a URL. */
  get address(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.#port}`;
  }

  /** Listens; the second time on the same port. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, this.host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }
}
