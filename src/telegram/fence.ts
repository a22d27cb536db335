import type { PromisedNetSockets } from 'telegram/extensions/index.js';
import { OfflineError } from '../errors.js';
import { sharedAbort } from '../shared-abort.js';
import { readExactly } from './proxy/read-exactly.js';
import type { Route } from './proxy/ways.js';
import type { Wire } from './proxy/wire.js';

/**
 * Stands around one client of the library: while it is open, sockets may be dialled; once it is closed, every socket is
 * cut and none can ever be opened again. The library's own reconnecting, which outlives `destroy()`, ends here.
 */
export class Fence {
  private readonly sockets = new Set<FencedSocket>();
  private readonly closing = sharedAbort();

  /** Aborted, with the reason, when the fence closes. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  admit(socket: FencedSocket): void {
    this.signal.throwIfAborted();
    this.sockets.add(socket);
  }

  release(socket: FencedSocket): void {
    this.sockets.delete(socket);
  }

  close(reason: Error): void {
    if (this.signal.aborted) return;
    this.closing.abort(reason);
    for (const socket of this.sockets) socket.cut();
    this.sockets.clear();
  }
}

export interface FencedSocketOptions {
  fence: Fence;
  /** Every dial goes by it: there is no other way to the network from here. */
  route: Route;
  /** For one dial; where there are several proxies, for each. */
  dialTimeoutMs: number;
  /** A socket that had been open is not any more, whoever closed it. */
  onClosed: () => void;
  /** Bytes came in, whatever they are: the other side lives. */
  onBytes?: () => void;
}

/**
 * What stands where the library has its socket: dialled by the route, with a deadline, behind the fence. It has the
 * methods that the library's connections use of a socket, and none that dials by itself.
 */
export class FencedSocket {
  /** Which data centre its connection is for; told before it connects. */
  dcId = 0;
  private wire: Wire | undefined;
  private untilClosed: Promise<void> | undefined;

  constructor(private readonly options: FencedSocketOptions) {}

  /** How packets are told apart on it; known once it is connected. */
  get transport(): Wire['transport'] {
    return this.connected().transport;
  }

  async connect(port: number, host: string): Promise<this> {
    const { fence, route, dialTimeoutMs, onClosed, onBytes } = this.options;
    fence.admit(this);
    try {
      const limits = { deadlineMs: dialTimeoutMs, signal: fence.signal };
      this.wire = await route.dial({ dcId: this.dcId, host, port }, limits);
    } catch (error) {
      fence.release(this);
      throw error;
    }
    if (fence.signal.aborted) {
      this.cut();
      throw fence.signal.reason as Error;
    }
    const { socket, input } = this.wire;
    // Also where nobody wants to know: a stream without a listener drops what comes.
    input.on('readable', () => onBytes?.());
    this.untilClosed = new Promise((resolve) => {
      socket.once('close', () => {
        fence.release(this);
        onClosed();
        resolve();
      });
    });
    return this;
  }

  async readExactly(count: number): Promise<Buffer> {
    const { socket, input } = this.connected();
    try {
      return await readExactly(input, count);
    } catch (error) {
      // `onClosed` has the first word about the end of a connection; the library makes of it what it likes.
      socket.destroy();
      await this.untilClosed;
      throw error;
    }
  }

  write(data: Buffer): void {
    const { socket, output } = this.connected();
    if (socket.destroyed) throw new OfflineError('the socket is closed');
    output.write(data);
  }

  close(): Promise<void> {
    this.cut();
    return Promise.resolve();
  }

  /** Destroys the socket at once; safe at any time, any number of times. */
  cut(): void {
    this.options.fence.release(this);
    this.wire?.socket.destroy();
  }

  private connected(): Wire {
    if (this.wire === undefined) throw new OfflineError('the socket is not connected');
    return this.wire;
  }
}

/** The class to hand to the library as `networkSocket`. */
export function fencedSocketClass(options: FencedSocketOptions): typeof PromisedNetSockets {
  const Bound = class extends FencedSocket {
    // The library hands its own idea of a proxy over, of which there is none.
    constructor() {
      super(options);
    }
  };
  return Bound as unknown as typeof PromisedNetSockets;
}
