import { CommandRefusal, type ModuleMessage } from '../../contract/index.js';

/** The message that a command answers, or, where that is an answer of ours, the id of the voice which that answers. @throws CommandRefusal where it answers none */
export function voiceMeant(command: ModuleMessage, replied: ModuleMessage | undefined, sayWhich: string): number {
  const meantId = command.replyToMessageId;
  if (meantId === undefined) throw new CommandRefusal(sayWhich);
  const isAnswer = replied !== undefined && replied.outgoing && replied.voice === undefined;
  return isAnswer && replied.replyToMessageId !== undefined ? replied.replyToMessageId : meantId;
}
