import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { hearVoice } from '../../src/voice/hear-voice.js';
import { voiceMessage } from '../support/messages.js';
import { testRedis } from '../support/test-redis.js';
import { pipelineGround } from './support/pipeline-ground.js';

const context = testRedis();
const never = new AbortController().signal;

test('a module hears a voice once; nothing is said in the chat, and the voice’s own job does not hear it again', async () => {
  const { gateway, run, heard, job, deps } = await pipelineGround(context.redis);
  gateway.incoming.set(job.messageId, voiceMessage({ messageId: job.messageId }));
  expect(await hearVoice(job, deps, never)).toMatchObject({ text: 'hello there.', language: 'en' });
  expect(await hearVoice(job, deps, never)).toMatchObject({ text: 'hello there.' });
  expect(gateway.texts()).toEqual([]);
  expect(await readdir(deps.workspaceRoot)).toEqual([]);
  await run();
  expect(gateway.texts()).toEqual(['hello there.']);
  expect(heard).toHaveLength(1);
});

test('a message that is gone, or no voice, has no text', async () => {
  const { job, deps } = await pipelineGround(context.redis);
  await expect(hearVoice({ ...job, messageId: 999 }, deps, never)).rejects.toBeInstanceOf(PermanentError);
});
