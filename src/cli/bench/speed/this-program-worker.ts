import { Writable } from 'node:stream';
import { z } from 'zod';
import { loadConfig } from '../../../config/load-config.js';
import { textsFor } from '../../../i18n/texts.js';
import { createLogger } from '../../../log/create-logger.js';
import { OpusThread } from '../../../media/opus-thread.js';
import { punctuate } from '../../../punctuation/punctuate.js';
import { windowLimitMs } from '../../../speech/window-limit.js';
import { createSpeech } from '../../create-speech.js';
import { transcribeFiles } from '../../transcribe.js';
import { answerQuestions } from './answer-questions.js';

const questionSchema = z.object({ cacheDir: z.string(), model: z.string(), language: z.string(), voicePath: z.string() });

/** What a daemon does with a voice once it has its file: decode, detect, recognise, punctuate; the engine stays loaded. */
function startAnswering(): void {
  const texts = textsFor('en');
  const log = createLogger({ level: 'silent', format: 'json', stream: process.stderr });
  const opus = new OpusThread({ idleAfterMs: 60_000, log });
  let speech: ReturnType<ReturnType<typeof createSpeech>['createSpeech']> | undefined;
  answerQuestions(async (question) => {
    const { cacheDir, model, language, voicePath } = questionSchema.parse(question);
    const config = { ...loadConfig(), cacheDir };
    speech ??= createSpeech(config, texts, log).createSpeech(model);
    let written = '';
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.toString();
        done();
      },
    });
    const status = await transcribeFiles(
      { files: [voicePath], format: 'text', language },
      {
        ...(await speech),
        ...{ punctuate, log, stdout: output, stderr: output, texts: texts.transcribe },
        limits: { maxDurationMs: config.maxAudioMs, timeoutMs: 60_000 + config.maxAudioMs / 10, opus },
        maxWindowMs: windowLimitMs(model, config.maxWindowMs),
        workspace: config.dataDir,
      },
      new AbortController().signal,
    );
    if (status !== 0) throw new Error(written);
    return written;
  });
}

startAnswering();
