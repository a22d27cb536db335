import { Transform, type TransformCallback } from 'node:stream';
import { fromLittleEndian, toLittleEndian } from './pcm-file.js';
import { StereoDownmix } from './stereo-downmix.js';
import { WAV_HEADER_BYTES } from './wav.js';

/** WAV as ffmpeg writes it to a pipe with `-bitexact`, of one or two channels, becomes samples of one, without a header. */
export class WavToMono extends Transform {
  #rest = Buffer.alloc(0);
  #mix: ((samples: Int16Array) => Int16Array) | undefined;
  #frameBytes = WAV_HEADER_BYTES;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#mix === undefined && bytes.length >= WAV_HEADER_BYTES) {
      const isStereo = bytes.readUInt16LE(22) === 2;
      const downmix = new StereoDownmix();
      this.#mix = isStereo ? (samples) => downmix.mix(samples) : (samples) => samples;
      this.#frameBytes = isStereo ? 4 : 2;
      bytes = bytes.subarray(WAV_HEADER_BYTES);
    }
    const whole = this.#mix === undefined ? 0 : bytes.length - (bytes.length % this.#frameBytes);
    // A copy: what is left over is in nobody else's memory then, and what goes on begins at an even address.
    this.#rest = Buffer.from(bytes.subarray(whole));
    if (this.#mix === undefined || whole === 0) done();
    else done(null, toLittleEndian(this.#mix(fromLittleEndian(Buffer.from(bytes.subarray(0, whole))))));
  }
}
