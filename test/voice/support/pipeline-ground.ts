import { writeFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { textsFor } from '../../../src/i18n/texts.js';
import type { Recognition } from '../../../src/speech/transcript.js';
import { Checkpoints } from '../../../src/store/checkpoints.js';
import { DeadLetters } from '../../../src/store/dead-letters.js';
import { Receipts } from '../../../src/store/receipts.js';
import { Transcripts } from '../../../src/store/transcripts.js';
import { ConnectionGate } from '../../../src/supervisor/connection-gate.js';
import { runVoicePipeline } from '../../../src/voice/pipeline.js';
import type { VoiceDependencies } from '../../../src/voice/voice-dependencies.js';
import type { VoiceJob } from '../../../src/voice/voice-job.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeGateway } from '../../support/fake-gateway.js';
import { voiceJob } from '../../support/messages.js';
import { silentLog } from '../../support/silent-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const texts = textsFor('en');
let nextMessageId = 1;

export function recognition(text: string): Recognition {
  const segments = text === '' ? [] : [{ startMs: 0, endMs: 900, text, words: [] }];
  return { segments, language: 'en', model: 'nano', engine: 'whisper.cpp', audioMs: 3000, speechMs: 900, engineMs: 5 };
}

/** The pipeline over a fake chat and a real Redis; each has a voice of its own. */
export async function pipelineGround(redis: Redis, over: Partial<VoiceDependencies> = {}) {
  const gateway = new FakeGateway();
  const clock = new FakeClock();
  const online = new ConnectionGate();
  online.open();
  const heard: string[] = [];
  const receipts = new Receipts(redis);
  const transcripts = new Transcripts(redis);
  const deadLetters = new DeadLetters(redis);
  const deps: VoiceDependencies = {
    gatewayFor: () => gateway,
    online,
    decode: async (_input, output) => {
      await writeFile(output, 'sound');
      return { path: output, sampleCount: 48_000 };
    },
    recognize: ({ path }) => {
      heard.push(path);
      return Promise.resolve(recognition('hello there'));
    },
    punctuate: ({ segments }) => `${segments.map(({ text }) => text).join(' ')}.`,
    transcripts,
    checkpoints: new Checkpoints(redis),
    receipts,
    deadLetters,
    texts,
    clock,
    workspaceRoot: await temporaryFolder(),
    limits: { maxFileBytes: 1e6, maxAudioMs: 3_600_000 },
    freeBytes: () => Promise.resolve(1e12),
    quoteAboveLength: 300,
    progressAfterMs: 10_000,
    ...over,
  };
  const job = voiceJob({ messageId: nextMessageId++ });
  const stop = new AbortController();
  const run = (over: Partial<VoiceJob> = {}): Promise<void> =>
    runVoicePipeline({ ...job, ...over }, deps, silentLog(), stop.signal);
  return { gateway, clock, online, heard, receipts, transcripts, deadLetters, deps, job, stop, run };
}
