import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { answerQuestions } from './answer-questions.js';

const questionSchema = z.object({
  peer: z.enum(['whisper-node', 'nodejs-whisper', '@fugood/whisper.node', 'smart-whisper']),
  /** Where it is installed. */
  home: z.string(),
  modelFile: z.string(),
  /** The real model whose shape it has. */
  shape: z.string(),
  threads: z.number(),
  /** Undefined: load the model, where it can be loaded beforehand. */
  wavPath: z.string().optional(),
});
type Question = z.infer<typeof questionSchema>;
type Hear = (wavPath: string) => Promise<string>;

const texts = (parts: unknown, name: string): string =>
  z.array(z.record(z.string(), z.unknown())).parse(parts).map((part) => z.string().parse(part[name])).join(' ');

/** Each peer as its own documentation says that it is used. */
const PEERS: Record<Question['peer'], (question: Question, library: never) => Promise<Hear>> = {
  'whisper-node': async ({ modelFile }, library: { whisper: (file: string, options: object) => Promise<unknown> }) =>
    Promise.resolve(async (wavPath) => {
      const lines = await library.whisper(wavPath, { modelPath: modelFile, whisperOptions: { language: 'en' } });
      // It logs its errors.
      if (lines === undefined) throw new Error('it gave no text, and does not say why');
      return texts(lines, 'speech');
    }),

  // The folder holds the model under the name that a downloaded one would have.
  'nodejs-whisper': async ({ modelFile, shape }, library: { nodewhisper: (file: string, options: object) => Promise<string> }) =>
    Promise.resolve(async (wavPath) => {
      const logger = { debug: () => undefined, log: () => undefined, error: () => undefined };
      const options = { modelName: shape, modelRootPath: dirname(modelFile), whisperOptions: { language: 'en' }, logger };
      return (await library.nodewhisper(wavPath, options)).replace(/\[[^\]]*\]/g, ' ');
    }),

  '@fugood/whisper.node': async ({ modelFile, threads }, library: { initWhisper: (options: object) => Promise<FugoodContext> }) => {
    const context = await library.initWhisper({ filePath: modelFile, useGpu: false });
    return async (wavPath) => (await context.transcribeFile(wavPath, { language: 'en', maxThreads: threads }).promise).result;
  },

  'smart-whisper': async ({ modelFile, threads }, library: { Whisper: new (file: string, options: object) => SmartWhisper }) => {
    const whisper = new library.Whisper(modelFile, { gpu: false, offload: 3600 });
    await whisper.load();
    return async (wavPath) => {
      const bytes = (await readFile(wavPath)).subarray(44);
      const pcm = Float32Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2) / 32_768);
      const task = await whisper.transcribe(pcm, { language: 'en', n_threads: threads });
      return texts(await task.result, 'text');
    };
  },
};

interface FugoodContext {
  transcribeFile(file: string, options: object): { promise: Promise<{ result: string }> };
}

interface SmartWhisper {
  load(): Promise<unknown>;
  transcribe(pcm: Float32Array, options: object): Promise<{ result: Promise<unknown> }>;
}

function startAnswering(): void {
  let hear: Hear | undefined;
  answerQuestions(async (given) => {
    const question = questionSchema.parse(given);
    const load = async (): Promise<Hear> =>
      PEERS[question.peer](question, createRequire(join(question.home, 'package.json'))(question.peer) as never);
    hear ??= await load();
    return question.wavPath === undefined ? '' : hear(question.wavPath);
  });
}

startAnswering();
