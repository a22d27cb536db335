import type { Texts } from '../../i18n/texts.js';
import type { Person } from '../../telegram/telegram-gateway.js';
import type { CommandCall } from '../command.js';
import { CommandError } from '../command-error.js';

/**
 * Whom a command means: `@name` or an id given with it, else the writer of the message it replies to, else the person of
 * the private chat it stands in. @throws CommandError where that is nobody.
 */
export async function findPerson(
  { message, args, gateway }: CommandCall,
  texts: Texts['commands'],
  signal: AbortSignal,
): Promise<Person> {
  const [given] = args;
  if (args.length > 1) throw new CommandError(texts.person.tooMany);
  if (given !== undefined) {
    const person = await personNamed(given, gateway, signal);
    if (person === undefined) throw new CommandError(texts.person.notFound(given));
    return person;
  }
  if (message.replyToMessageId !== undefined) {
    const replied = await gateway.getMessage(message.chat, message.replyToMessageId, signal);
    if (replied?.sender === undefined) throw new CommandError(texts.person.replyWithoutPerson);
    return (await gateway.findPersonById(replied.sender.id, signal)) ?? { peer: replied.sender, name: replied.sender.id };
  }
  if (message.chat.kind !== 'user') throw new CommandError(texts.person.sayWho);
  return (await gateway.findPersonById(message.chat.id, signal)) ?? { peer: message.chat, name: message.chat.id };
}

async function personNamed(given: string, gateway: CommandCall['gateway'], signal: AbortSignal): Promise<Person | undefined> {
  if (/^\d{1,19}$/.test(given)) return gateway.findPersonById(given, signal);
  const username = /^(?:@|https?:\/\/t\.me\/|t\.me\/)?([a-z]\w{3,31})$/i.exec(given)?.[1];
  return username === undefined ? undefined : gateway.findPersonByUsername(username, signal);
}
