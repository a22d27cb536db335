import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';

/** How wide and how deep a Whisper model is: what its cost depends on. */
export interface ModelShape {
  width: number;
  heads: number;
  layers: number;
}

/** The shapes of OpenAI's models. */
export const MODEL_SHAPES = {
  tiny: { width: 384, heads: 6, layers: 4 },
  base: { width: 512, heads: 8, layers: 6 },
  small: { width: 768, heads: 12, layers: 12 },
} as const satisfies Record<string, ModelShape>;

const MAGIC = 0x67676d6c;
const HEADER_INTS = 12;
const AUDIO_CONTEXT = 1500;
const TEXT_CONTEXT = 448;
const MEL_BANDS = 80;
const F32 = 0;
const F16 = 1;

const END_OF_TEXT = 50_257;
const ENGLISH = 50_259;
const START = 50_258;
const TRANSCRIBE = 50_359;
const NO_TIMES = 50_363;
const FIRST_TIME = 50_364;
/** 30 s after it: nothing follows in the window, whatever its length. */
const LAST_TIME = 51_864;

/**
 * Writes a model of this shape, f16, which costs what a real one of its shape costs and whose output is known: random
 * weights in the encoder, and a decoder that goes through every layer and then says what its last layer has learnt to
 * follow the token before, whatever it heard (`teachPuppet` gives it the words). Header, vocabulary and mel filters are
 * those of `like`, the bundled model.
 */
export async function writePuppetModel({ shape, file, like }: { shape: ModelShape; file: string; like: string }): Promise<void> {
  const given = await readFile(like);
  const { end } = readPrelude(given);
  const part = `${file}.part`;
  const handle = await open(part, 'w');
  try {
    const { width, heads, layers } = shape;
    const header = [MAGIC, given.readInt32LE(4), AUDIO_CONTEXT, width, heads, layers, TEXT_CONTEXT, width, heads, layers, MEL_BANDS, F16];
    await handle.write(Buffer.concat([ints(header), given.subarray(HEADER_INTS * 4, end)]));
    await writeTensors(new TensorWriter(handle), shape, given.readInt32LE(4));
    await handle.close();
    await rename(part, file);
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
}

/**
 * Makes the puppet in this file say these words, once for every window of sound. No two of their tokens may be the same:
 * each is what makes the puppet say the next. An engine must load the file anew.
 */
export async function teachPuppet(file: string, sentence: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { tokens, end } = readPrelude(await readBytes(handle, PRELUDE_BYTES));
    const header = await readBytes(handle, HEADER_INTS * 4);
    const [width, layers] = [header.readInt32LE(3 * 4), header.readInt32LE(5 * 4)];
    const lesson = new TensorWriter(handle, end);
    await writeLesson(lesson, { width, layers }, successors(tokensOf(` ${sentence}`, tokens)));
  } finally {
    await handle.close();
  }
}

/** A token, the one that is to follow it, and how much it is to. */
type Succession = [token: number, next: number, weight: number];

const FIRST_CHOICE = 4;
const SECOND_CHOICE = 3;

/** Where times are not wanted, a window ends with its last word. */
function successors(words: readonly number[]): Succession[] {
  if (words.length > MAX_WORDS) throw new RangeError(`a window has room for ${MAX_WORDS} tokens, not ${words.length}`);
  if (new Set(words).size < words.length) throw new RangeError('a token is there twice');
  const row = [START, ENGLISH, TRANSCRIBE, FIRST_TIME, ...words, LAST_TIME, END_OF_TEXT];
  const pairs = row.slice(1).map((token, index): Succession => [row[index] ?? START, token, FIRST_CHOICE]);
  return [...pairs, [NO_TIMES, words[0] ?? END_OF_TEXT, FIRST_CHOICE], [words.at(-1) ?? NO_TIMES, END_OF_TEXT, SECOND_CHOICE]];
}

/** whisper.cpp ends a window after half of its text context. */
const MAX_WORDS = 200;
/** A token's own detector answers it with √width, which is 11 or more, and any other token with little more than noise. */
const DETECTION_BIAS = -6;

/**
 * The last layer as an associative memory: unit by unit, one part detects a token, the other one adds its successor. It
 * comes first in the file, so that its place is known.
 */
async function writeLesson(to: TensorWriter, { width, layers }: Pick<ModelShape, 'width' | 'layers'>, pairs: readonly Succession[]): Promise<void> {
  const [detectors, successor] = [new Float32Array(4 * width * width), new Float32Array(4 * width * width)];
  for (const [unit, [token, next, weight]] of pairs.entries()) {
    detectors.set(tokenRow(to.noise, token, width), unit * width);
    for (const [at, value] of tokenRow(to.noise, next, width).entries()) successor[at * 4 * width + unit] = weight * value;
  }
  const name = `decoder.blocks.${layers - 1}.mlp`;
  await to.halves(`${name}.0.weight`, [4 * width, width], detectors);
  await to.values(`${name}.0.bias`, [4 * width], new Float32Array(4 * width).fill(DETECTION_BIAS));
  await to.halves(`${name}.2.weight`, [width, 4 * width], successor);
}

async function writeTensors(to: TensorWriter, { width, layers }: ModelShape, vocabulary: number): Promise<void> {
  await writeLesson(to, { width, layers }, []);
  await to.zeros('decoder.positional_embedding', [TEXT_CONTEXT, width], F32);
  await to.values('encoder.positional_embedding', [AUDIO_CONTEXT, width], sinusoids(width));
  await to.random('encoder.conv1.weight', [width, MEL_BANDS, 3]);
  await to.zeros('encoder.conv1.bias', [width, 1], F32);
  await to.random('encoder.conv2.weight', [width, width, 3]);
  await to.zeros('encoder.conv2.bias', [width, 1], F32);
  await to.normalization('encoder.ln_post', width);
  await to.tokenRows('decoder.token_embedding.weight', vocabulary, width);
  // Twice as sure as it would be.
  await to.normalization('decoder.ln', width, 2);
  for (let layer = 0; layer < layers; layer += 1) {
    await writeBlock(to, `encoder.blocks.${layer}`, { width, attentions: ['attn'], isSilent: false, isTaught: false });
    await writeBlock(to, `decoder.blocks.${layer}`, { width, attentions: ['attn', 'cross_attn'], isSilent: true, isTaught: layer === layers - 1 });
  }
}

interface Block {
  width: number;
  attentions: readonly string[];
  /** It is computed, and adds nothing. */
  isSilent: boolean;
  /** Its `mlp` is the lesson. */
  isTaught: boolean;
}

async function writeBlock(to: TensorWriter, name: string, { width, attentions, isSilent, isTaught }: Block): Promise<void> {
  const outcome = (tensor: string, dimensions: number[]): Promise<void> =>
    isSilent ? to.zeros(tensor, dimensions, F16) : to.random(tensor, dimensions);
  for (const attention of attentions) {
    await to.normalization(`${name}.${attention}_ln`, width);
    for (const part of ['query', 'key', 'value']) await to.random(`${name}.${attention}.${part}.weight`, [width, width]);
    await outcome(`${name}.${attention}.out.weight`, [width, width]);
    for (const part of ['query', 'value', 'out']) await to.zeros(`${name}.${attention}.${part}.bias`, [width], F32);
  }
  await to.normalization(`${name}.mlp_ln`, width);
  await to.zeros(`${name}.mlp.2.bias`, [width], F32);
  if (isTaught) return;
  await to.random(`${name}.mlp.0.weight`, [4 * width, width]);
  await to.zeros(`${name}.mlp.0.bias`, [4 * width], F32);
  await outcome(`${name}.mlp.2.weight`, [width, 4 * width]);
}

/** Writes tensors as whisper.cpp's converter does: matrices as f16, the rest as f32. */
class TensorWriter {
  readonly noise = normalNoise();
  private drawn = 0;
  private readonly weights = asHalves(this.noise, 0.02);

  /** Without a place, after what was written last. */
  constructor(
    private readonly file: FileHandle,
    private place?: number,
  ) {}

  async values(name: string, dimensions: number[], data: Float32Array): Promise<void> {
    await this.put(tensorHeader(name, dimensions, F32), bytesOf(data));
  }

  async halves(name: string, dimensions: number[], data: Float32Array): Promise<void> {
    await this.put(tensorHeader(name, dimensions, F16), asHalves(data, 1));
  }

  async zeros(name: string, dimensions: number[], type: number): Promise<void> {
    await this.put(tensorHeader(name, dimensions, type), Buffer.alloc(product(dimensions) * (type === F16 ? 2 : 4)));
  }

  async random(name: string, dimensions: number[]): Promise<void> {
    await this.put(tensorHeader(name, dimensions, F16), ...around(this.weights, this.drawn, product(dimensions)));
    this.drawn = (this.drawn + product(dimensions)) % this.noise.length;
  }

  async tokenRows(name: string, count: number, width: number): Promise<void> {
    await this.put(tensorHeader(name, [count, width], F16), ...around(asHalves(this.noise, 1 / Math.sqrt(width)), 0, count * width));
  }

  async normalization(name: string, width: number, factor = 1): Promise<void> {
    await this.values(`${name}.weight`, [width], new Float32Array(width).fill(factor));
    await this.zeros(`${name}.bias`, [width], F32);
  }

  private async put(...pieces: Buffer[]): Promise<void> {
    for (const piece of pieces) {
      await this.file.write(piece, 0, piece.length, this.place ?? null);
      if (this.place !== undefined) this.place += piece.length;
    }
  }
}

/** A prime. */
const NOISE_VALUES = 1_048_573;

/**
 * Normally distributed numbers, always the same. Their count is a prime, so that rows cut from them one after the other,
 * round and round, are all different as long as there are fewer of them.
 */
function normalNoise(): Float32Array {
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from({ length: NOISE_VALUES }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** What stands in the token table for this token: nearly a unit vector, nearly orthogonal to all others. */
function tokenRow(noise: Float32Array, token: number, width: number): Float32Array {
  return Float32Array.from({ length: width }, (_, at) => (noise[(token * width + at) % noise.length] ?? 0) / Math.sqrt(width));
}

function* around(block: Buffer, start: number, count: number): Generator<Buffer> {
  for (let left = count * 2, at = start * 2; left > 0; at = 0) {
    const piece = block.subarray(at, at + left);
    yield piece;
    left -= piece.length;
  }
}

/** IEEE 754 half precision, of numbers that are neither huge nor subnormal there by more than a rounding. */
function asHalves(values: Float32Array, factor: number): Buffer {
  const floats = values.map((value) => value * factor);
  const bits = new Uint32Array(floats.buffer);
  const half = Uint16Array.from(bits, (bit) => {
    const exponent = ((bit >>> 23) & 0xff) - 112;
    return exponent <= 0 ? 0 : ((bit >>> 16) & 0x8000) | (exponent << 10) | ((bit >>> 13) & 0x3ff);
  });
  return bytesOf(half);
}

function sinusoids(width: number): Float32Array {
  const half = width / 2;
  const table = new Float32Array(AUDIO_CONTEXT * width);
  for (let position = 0; position < AUDIO_CONTEXT; position += 1) {
    for (let at = 0; at < half; at += 1) {
      const angle = position * Math.exp((-Math.log(10_000) / (half - 1)) * at);
      table[position * width + at] = Math.sin(angle);
      table[position * width + half + at] = Math.cos(angle);
    }
  }
  return table;
}

interface Prelude {
  /** Bytes of a token, as Latin-1 → its number. */
  tokens: ReadonlyMap<string, number>;
  /** Where the tensors begin. */
  end: number;
}

function readPrelude(file: Buffer): Prelude {
  let at = HEADER_INTS * 4;
  const int = (): number => {
    at += 4;
    return file.readInt32LE(at - 4);
  };
  const [bands, bins] = [int(), int()];
  at += bands * bins * 4;
  const count = int();
  const tokens = new Map<string, number>();
  for (let token = 0; token < count; token += 1) {
    const length = int();
    tokens.set(file.toString('latin1', at, at + length), token);
    at += length;
  }
  return { tokens, end: at };
}

const PRELUDE_BYTES = 2 ** 20;

async function readBytes(handle: FileHandle, count: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
  return buffer.subarray(0, bytesRead);
}

/** The longest token first, as nobody but the model cares. */
function tokensOf(text: string, tokens: ReadonlyMap<string, number>): number[] {
  const result: number[] = [];
  let rest = Buffer.from(text).toString('latin1');
  while (rest !== '') {
    const length = Array.from({ length: Math.min(24, rest.length) }, (_, index) => Math.min(24, rest.length) - index).find((count) =>
      tokens.has(rest.slice(0, count)),
    );
    if (length === undefined) throw new RangeError(`no token begins ${JSON.stringify(rest.slice(0, 10))}`);
    result.push(tokens.get(rest.slice(0, length)) ?? END_OF_TEXT);
    rest = rest.slice(length);
  }
  return result;
}

function tensorHeader(name: string, dimensions: readonly number[], type: number): Buffer {
  return Buffer.concat([ints([dimensions.length, name.length, type, ...[...dimensions].reverse()]), Buffer.from(name)]);
}

function ints(values: readonly number[]): Buffer {
  return bytesOf(Int32Array.from(values));
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float32Array | Uint16Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function product(dimensions: readonly number[]): number {
  return dimensions.reduce((all, one) => all * one, 1);
}
