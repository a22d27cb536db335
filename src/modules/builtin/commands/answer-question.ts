import { CommandRefusal, type Answer, type ModuleMessage } from '../../contract/index.js';
import type { CommandsPorts } from './commands-ports.js';

/** Hands the answer on; the word that gave it is cleared away. */
export function answerQuestion(
  message: ModuleMessage,
  yes: boolean,
  confirmations: ReturnType<CommandsPorts['confirmations']>,
  texts: { nothingAsked: string; nothingAskedThere: string },
): Answer {
  if (!confirmations.answer(message, yes)) {
    throw new CommandRefusal(message.replyToMessageId === undefined ? texts.nothingAsked : texts.nothingAskedThere);
  }
  return { deleteCommand: true };
}
