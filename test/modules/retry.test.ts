import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { retryCommand, type FailedVoiceList } from '../../src/modules/builtin/retry.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { message, ownCommand, voiceMessage } from '../support/messages.js';

const texts = textsFor('en').commands;

/** Anna's voice 40, the failure 41 that answers it, and her words 42. */
function ground(outcome: Awaited<ReturnType<FailedVoiceList['retry']>> = 'again') {
  const gateway = new FakeGateway();
  gateway.incoming.set(40, voiceMessage({ messageId: 40 }));
  gateway.incoming.set(41, message({ messageId: 41, outgoing: true, replyToMessageId: 40, text: 'failed' }));
  gateway.incoming.set(42, message({ messageId: 42, replyToMessageId: 40, text: 'why?' }));
  const asked: string[] = [];
  const command = retryCommand({
    retry: (accountId, chat, messageId) => {
      asked.push(`retry ${accountId} ${chat.id} ${messageId}`);
      return Promise.resolve(outcome);
    },
    forget: (_accountId, _chat, messageId) => Promise.resolve(void asked.push(`forget ${messageId}`)),
  });
  const type = (replyToMessageId?: number): Promise<string> => {
    const call = ownCommand('.retry', replyToMessageId === undefined ? {} : { replyToMessageId });
    return command.run({ message: call, args: [], gateway }, texts, new AbortController().signal);
  };
  return { gateway, asked, type };
}

test('in reply to the voice, or to the answer that it failed, the voice is tried once more', async () => {
  for (const target of [40, 41]) {
    const { type, asked } = ground();
    expect(await type(target)).toBe(texts.retry.again);
    expect(asked).toEqual(['retry main 5 40']);
  }
});

test('somebody else’s answer to the voice is not taken for ours', async () => {
  const { type, asked } = ground('unknown');
  await expect(type(42)).rejects.toMatchObject({ forOwner: texts.retry.nothing });
  expect(asked).toEqual(['retry main 5 42']);
});

test('what is under way, what did not fail, and no reply at all are said', async () => {
  expect(await ground('under-way').type(40)).toBe(texts.retry.underWay);
  await expect(ground('unknown').type(40)).rejects.toMatchObject({ forOwner: texts.retry.nothing });
  await expect(ground().type()).rejects.toMatchObject({ forOwner: texts.retry.sayWhich });
});

test('a voice that is deleted is said to be, and forgotten', async () => {
  const { type, gateway, asked } = ground();
  gateway.incoming.delete(40);
  await expect(type(41)).rejects.toMatchObject({ forOwner: texts.retry.deleted });
  await expect(type(40)).rejects.toMatchObject({ forOwner: texts.retry.deleted });
  expect(asked).toEqual(['forget 40', 'forget 40']);
});
