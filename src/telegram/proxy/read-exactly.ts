import type { Readable } from 'node:stream';
import { OfflineError } from '../../errors.js';

const CHANGES = ['readable', 'end', 'close'] as const;

/**
 * Reads that many bytes from a stream, as soon as they are there. Rejects with `OfflineError` where the stream ends or is
 * destroyed before. One reader at a time.
 */
export function readExactly(stream: Readable, count: number): Promise<Buffer> {
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
