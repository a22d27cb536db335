import type { Readable } from 'node:stream';
import { OfflineError } from '../../errors.js';

/**
 * Reads that many bytes from a stream, as soon as they are there. Rejects with `OfflineError` where the stream ends or is
 * destroyed before. One reader at a time.
 */
export async function readExactly(stream: Readable, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = stream.read(count) as Buffer | null;
    if (bytes?.length === count) return bytes;
    if (bytes !== null || stream.readableEnded || stream.destroyed) throw new OfflineError('the other side closed the connection');
    await changed(stream);
  }
}

const CHANGES = ['readable', 'end', 'close'] as const;

function changed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    const onChange = (): void => {
      for (const event of CHANGES) stream.off(event, onChange);
      resolve();
    };
    for (const event of CHANGES) stream.on(event, onChange);
  });
}
