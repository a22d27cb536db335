import { expect, test } from 'vitest';
import { randomIdOf, voiceJobId } from '../../src/voice/voice-job.js';
import { voiceJob } from '../support/messages.js';

test('a job is named by account, chat and message, with chats of different kinds apart', () => {
  expect(voiceJobId(voiceJob())).toBe('main:u5:10');
  expect(voiceJobId(voiceJob({ chat: { kind: 'channel', id: '5', accessHash: '1' } }))).toBe('main:c5:10');
});

test('the random id of a part is the same for ever, a signed 64-bit number, another for every part and job', () => {
  expect(randomIdOf('main:u5:10', 1)).toBe(randomIdOf('main:u5:10', 1));
  const ids = ['main:u5:10', 'main:u5:11', 'other:u5:10'].flatMap((id) => [1, 2, 3].map((part) => randomIdOf(id, part)));
  ids.push(randomIdOf('main:u5:10', 1, { replaced: 99 }), randomIdOf('main:u5:10', 1, { replaced: 100 }), randomIdOf('main:u5:10', 1, { place: 'saved' }));
  expect(new Set(ids).size).toBe(12);
  for (const id of ids) expect(BigInt.asIntN(64, BigInt(id))).toBe(BigInt(id));
});

test('the random id does not change with a release, or the answers of yesterday would be given again', () => {
  expect(randomIdOf('main:u5:10', 1)).toBe(randomIdOf('main:u5:10', 1));
  expect(randomIdOf('main:u5:10', 1)).toMatchInlineSnapshot(`"5706129112113998144"`);
});
