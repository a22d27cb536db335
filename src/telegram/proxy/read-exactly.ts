import type { Readable } from 'node:stream';
import { OfflineError } from '../../errors.js';

const CHANGES = ['readable', 'end', 'close'] as const;
/** More than any packet. Who asks for more was told its length by somebody who is not Telegram. */
const LARGEST_BYTES = 1 << 24;

/**
 * Reads that many bytes from a stream, as soon as they are there. Rejects with `OfflineError` where the stream ends or is
 * destroyed before, and where no packet can be so long. One reader at a time.
 */
export function readExactly(stream: Readable, count: number): Promise<Buffer> {
  if (!(count > 0 && count <= LARGEST_BYTES)) {
    return Promise.reject(new OfflineError(`the other side does not speak as Telegram does (${count} bytes to come)`));
  }
  return new Promise((resolve, reject) => {
    const end = (): void => {
      for (const event of CHANGES) stream.off(event, look);
    };
    const look = (): void => {
      const bytes = stream.read(count) as Buffer | null;
      if (bytes?.length === count) {
        end();
        resolve(bytes);
      } else if (bytes !== null || stream.readableEnded || stream.destroyed) {
        end();
        reject(new OfflineError('the other side closed the connection'));
      }
    };
    for (const event of CHANGES) stream.on(event, look);
    look();
  });
}
