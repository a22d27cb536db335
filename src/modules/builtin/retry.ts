import type { Texts } from '../../i18n/texts.js';
import type { Peer } from '../../telegram/peer.js';
import type { Command, CommandCall } from '../command.js';
import { CommandError } from '../command-error.js';

/** The voices that could not be written down, as far as the command needs them. */
export interface FailedVoiceList {
  /** `again`: it runs once more; `under-way`: it has not ended; `unknown`: it did not fail. */
  retry(accountId: string, chat: Peer, messageId: number): Promise<'again' | 'under-way' | 'unknown'>;
  /** Nothing can be done about it any more. */
  forget(accountId: string, chat: Peer, messageId: number): Promise<void>;
}

/** `.retry` in reply to a voice, or to the answer which says that it failed. */
export function retryCommand(failed: FailedVoiceList): Command {
  return {
    name: 'retry',
    usage: '',
    describe: (texts) => texts.retry.about,
    run: async (call, texts, signal) => {
      const { accountId, chat } = call.message;
      const messageId = await voiceMeant(call, texts, signal);
      if ((await call.gateway.getMessage(chat, messageId, signal)) === undefined) {
        await failed.forget(accountId, chat, messageId);
        throw new CommandError(texts.retry.deleted);
      }
      const outcome = await failed.retry(accountId, chat, messageId);
      if (outcome === 'unknown') throw new CommandError(texts.retry.nothing);
      return outcome === 'again' ? texts.retry.again : texts.retry.underWay;
    },
  };
}

/** The message that the command answers, or, where that is an answer of ours, the voice which that answers. */
async function voiceMeant({ message, gateway }: CommandCall, texts: Texts['commands'], signal: AbortSignal): Promise<number> {
  const meantId = message.replyToMessageId;
  if (meantId === undefined) throw new CommandError(texts.retry.sayWhich);
  const meant = await gateway.getMessage(message.chat, meantId, signal);
  const isAnswer = meant !== undefined && meant.outgoing && meant.voice === undefined;
  return isAnswer && meant.replyToMessageId !== undefined ? meant.replyToMessageId : meantId;
}
