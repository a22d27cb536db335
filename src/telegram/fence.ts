import type { Socket } from 'node:net';
import { PromisedNetSockets } from 'telegram/extensions/index.js';
import { UnreachableError } from '../errors.js';
import { sharedAbort } from '../shared-abort.js';
import { withinLimits } from './within-limits.js';

const KEEP_ALIVE_MS = 15_000;

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
  dialTimeoutMs: number;
  /** A socket that had been open is not any more, whoever closed it. */
  onClosed: () => void;
  /** Bytes came in, whatever they are: the other side lives. */
  onBytes?: () => void;
}

/** What the library's socket keeps to itself: the TCP socket. */
interface SocketOwner {
  client?: Socket;
}

/** The library's TCP socket with what it lacks: a deadline for the dial, keep-alive, no delay, and the fence. */
class FencedSocket extends PromisedNetSockets {
  constructor(
    private readonly options: FencedSocketOptions,
    ...proxy: ConstructorParameters<typeof PromisedNetSockets>
  ) {
    super(...proxy);
  }

  override async connect(port: number, ip: string): Promise<unknown> {
    const { fence, dialTimeoutMs, onClosed, onBytes } = this.options;
    fence.admit(this);
    const dial = super.connect(port, ip);
    try {
      await withinLimits(dial, { deadlineMs: dialTimeoutMs, what: `a dial to ${ip}`, signals: [fence.signal] });
    } catch (error) {
      this.cut();
      // Through a proxy the socket may turn up after it was given up.
      dial.then(
        () => this.cut(),
        () => this.cut(),
      );
      throw fence.signal.aborted ? error : new UnreachableError(`${ip} cannot be dialled`, { cause: error });
    }
    const socket = this.tcpSocket();
    socket?.setKeepAlive(true, KEEP_ALIVE_MS);
    socket?.setNoDelay(true);
    if (onBytes !== undefined) socket?.on('data', onBytes);
    socket?.once('close', () => {
      fence.release(this);
      onClosed();
    });
    return this;
  }

  /** Destroys the socket at once; safe at any time, any number of times. */
  cut(): void {
    this.options.fence.release(this);
    this.tcpSocket()?.destroy();
  }

  private tcpSocket(): Socket | undefined {
    return (this as unknown as SocketOwner).client;
  }
}

/** The class to hand to the library as `networkSocket`. */
export function fencedSocketClass(options: FencedSocketOptions): typeof PromisedNetSockets {
  return class extends FencedSocket {
    constructor(...proxy: ConstructorParameters<typeof PromisedNetSockets>) {
      super(options, ...proxy);
    }
  };
}
