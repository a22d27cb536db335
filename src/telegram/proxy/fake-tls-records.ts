import { Transform, type TransformCallback } from 'node:stream';
import { RetryableError } from '../../errors.js';

export const CHANGE_CIPHER_SPEC = Buffer.from('140303000101', 'hex');
export const RECORD_HEAD_BYTES = 5;
const APPLICATION_DATA = Buffer.from('170303', 'hex');
/** What Telegram's own apps put into one record. */
const LARGEST_WRITTEN = 2878;

/** Puts what is written into TLS records of application data, the first one behind the change of the cipher. */
export class TlsRecordWriter extends Transform {
  private hasBegun = false;

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.hasBegun) this.push(CHANGE_CIPHER_SPEC);
    this.hasBegun = true;
    for (let from = 0; from < bytes.length; from += LARGEST_WRITTEN) {
      const part = bytes.subarray(from, from + LARGEST_WRITTEN);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(part.length);
      this.push(Buffer.concat([APPLICATION_DATA, length, part]));
    }
    done();
  }
}

/** Takes the bytes out of TLS records of application data, as they come. Any other record ends the stream with an error. */
export class TlsRecordReader extends Transform {
  private head = Buffer.alloc(0);
  /** Of the record's body, how much is still to come. */
  private left = 0;

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.left > 0) {
        this.push(rest.subarray(0, this.left));
        const taken = Math.min(this.left, rest.length);
        this.left -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const missing = RECORD_HEAD_BYTES - this.head.length;
      this.head = Buffer.concat([this.head, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.head.length < RECORD_HEAD_BYTES) break;
      if (!this.head.subarray(0, 3).equals(APPLICATION_DATA)) {
        done(new RetryableError('the proxy broke its TLS off'));
        return;
      }
      this.left = this.head.readUInt16BE(3);
      this.head = Buffer.alloc(0);
    }
    done();
  }
}
