import type { Socket } from 'node:net';

/** Reads a socket by count, and then hands over what is left. For test servers; apart from the program's own reading. */
export class ByteSource {
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  readonly #onData = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake();
  };

  constructor(private readonly socket: Socket) {
    socket.on('data', this.#onData).on('close', () => this.#wake());
  }

  /** Rejects when the socket is closed before. */
  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (this.socket.destroyed) throw new Error('closed');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Gives every byte from here on to `each`. */
  flow(each: (bytes: Buffer) => void): void {
    this.socket.off('data', this.#onData);
    if (this.#bytes.length > 0) each(this.#bytes);
    this.socket.on('data', each);
  }
}
