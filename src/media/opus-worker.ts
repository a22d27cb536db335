import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { parentPort, type MessagePort } from 'node:worker_threads';
import { OpusDecoder } from 'opus-decoder';
import { errorText } from '../errors.js';
import { UnusualFileError } from './ogg-pages.js';
import { toLittleEndian } from './pcm-file.js';
import { msToSamples, SAMPLE_RATE_HZ } from './pcm.js';
import { OPUS_RATE_HZ, plainOpus, type OpusHead } from './plain-opus.js';
import { StereoDownmix } from './stereo-downmix.js';

/** What `OpusThread` asks for. */
export interface OpusTask {
  input: string;
  output: string;
  maxDurationMs: number;
}

/** How many samples stand in the output; or why there is none, and whatever is in the output is worth nothing. */
export type OpusOutcome = { sampleCount: number } | { because: string };

/** Read as a whole: an hour of a voice note is 15 MB. */
const MOST_BYTES = 32_000_000;
const RATIO = OPUS_RATE_HZ / SAMPLE_RATE_HZ;

type Decoder = OpusDecoder<typeof SAMPLE_RATE_HZ>;

/** The code of the thread, which does nothing but this: see `OpusThread`. */
if (parentPort !== null) answer(parentPort);

/** A decoder is good for one voice and takes milliseconds to make, so the next voice's is made while there is none. */
function answer(port: MessagePort): void {
  let spare = decoderFor(1);
  port.on('message', (task: OpusTask) => {
    void decode(task, (channels) => (channels === 1 ? spare : decoderFor(channels)))
      .catch((error: unknown): OpusOutcome => ({ because: errorText(error) }))
      .then((outcome) => {
        port.postMessage(outcome);
        spare = decoderFor(1);
      });
  });
}

function decoderFor(channels: OpusHead['channels']): Decoder {
  return new OpusDecoder({ sampleRate: SAMPLE_RATE_HZ, channels });
}

async function decode(
  { input, output, maxDurationMs }: OpusTask,
  decoderOf: (channels: OpusHead['channels']) => Decoder,
): Promise<OpusOutcome> {
  if (statSync(input).size > MOST_BYTES) throw new UnusualFileError('it is too large to be read as a whole');
  const { head, parts } = plainOpus(readFileSync(input), msToSamples(maxDurationMs) * RATIO);
  const decoder = decoderOf(head.channels);
  await decoder.ready;
  const file = openSync(output, 'w', 0o600);
  try {
    return { sampleCount: write(file, head, sound(decoder, parts)) };
  } finally {
    closeSync(file);
    decoder.free();
  }
}

interface SoundPart {
  channels: Float32Array[];
  /** See `OpusPart`, in our samples. */
  endsAt: number;
}

function* sound(decoder: Decoder, parts: ReturnType<typeof plainOpus>['parts']): Generator<SoundPart> {
  for (const { packets, endsAt } of parts) {
    const { channelData, errors } = decoder.decodeFrames(packets);
    if (errors.length > 0) throw new UnusualFileError('a packet cannot be decoded');
    yield { channels: channelData, endsAt: Math.round(endsAt / RATIO) };
  }
}

function write(file: number, { preSkip }: OpusHead, parts: Iterable<SoundPart>): number {
  const downmix = new StereoDownmix();
  const skip = Math.round(preSkip / RATIO);
  let decoded = 0;
  let written = 0;
  for (const { channels, endsAt } of parts) {
    const count = channels[0]?.length ?? 0;
    const from = Math.max(0, skip - decoded);
    const to = Math.max(from, Math.min(count, endsAt - decoded));
    const [only = new Int16Array(0), other] = channels.map((channel) => toSamples(channel.subarray(from, to)));
    const samples = other === undefined ? only : downmix.mix(interleaved(only, other));
    const bytes = toLittleEndian(samples);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    decoded += count;
    written += samples.length;
  }
  if (written === 0) throw new UnusualFileError('there is no sound in it');
  return written;
}

function toSamples(channel: Float32Array): Int16Array {
  const samples = new Int16Array(channel.length);
  for (let at = 0; at < samples.length; at += 1) {
    const value = (channel[at] ?? 0) * 32_768;
    // What is stored is cut off towards zero.
    samples[at] = value >= 32_767 ? 32_767 : value <= -32_768 ? -32_768 : value + (value < 0 ? -0.5 : 0.5);
  }
  return samples;
}

function interleaved(left: Int16Array, right: Int16Array): Int16Array {
  const both = new Int16Array(left.length * 2);
  for (let at = 0; at < left.length; at += 1) {
    both[2 * at] = left[at] ?? 0;
    both[2 * at + 1] = right[at] ?? 0;
  }
  return both;
}
