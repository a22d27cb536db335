import { AppError } from '../../errors.js';
import type { FormattedText } from '../../telegram/formatted-text.js';
import type { Peer } from '../../telegram/peer.js';
import { freshRandomId, randomIdNamed } from '../../telegram/random-id.js';
import type { TelegramGateway } from '../../telegram/telegram-gateway.js';
import type { RichAnswer } from '../contract/answer.js';
import { splitText } from '../commands/split-text.js';
import type { Destination, Sending, SendOptions } from '../contract/capabilities.js';

/** The module sends more than it may; what it wanted to send was not sent. */
export class ModuleFloodError extends AppError {}

export interface ModuleSendingDependencies {
  accountId: string;
  module: string;
  gateway: Pick<TelegramGateway, 'sendText' | 'sendFile' | 'editText' | 'deleteMessages'>;
  chat: (to: Destination, signal: AbortSignal) => Promise<Peer>;
  /** Throws `ModuleFloodError` where the module's budget is used up. */
  spend: () => void;
}

/** `ctx.send`: each call costs one of the module's budget, and waits its turn at the governor. */
export function moduleSending({ accountId, module, gateway, chat, spend }: ModuleSendingDependencies): Sending {
  const randomId = (once: string | undefined, part: number): string =>
    once === undefined ? freshRandomId() : randomIdNamed(JSON.stringify([accountId, module, once, part]));
  return {
    send: async (to, what, options, signal) => {
      spend();
      const peer = await chat(to, signal);
      const { file, ...text } = richAnswer(what);
      const reply = replyOf(options);
      const [first = { text: '', entities: [] }, ...rest] = splitText(formatted(text));
      const ids: number[] = [];
      if (file === undefined) ids.push((await gateway.sendText({ chat: peer, text: first, ...reply, randomId: randomId(options?.once, 1) }, signal)).messageId);
      else {
        const caption = first.text === '' ? {} : { caption: first };
        ids.push((await gateway.sendFile({ chat: peer, file, ...caption, ...reply, randomId: randomId(options?.once, 1) }, signal)).messageId);
      }
      for (const [at, part] of rest.entries()) await gateway.sendText({ chat: peer, text: part, randomId: randomId(options?.once, at + 2) }, signal);
      return ids[0] ?? 0;
    },
    edit: async (to, messageId, text, signal) => {
      spend();
      const [first = { text: '', entities: [] }] = splitText(formatted(richAnswer(text)));
      await gateway.editText(await chat(to, signal), messageId, first, signal);
    },
    remove: async (to, messageIds, signal) => {
      spend();
      await gateway.deleteMessages(await chat(to, signal), [...messageIds], signal);
    },
  };
}

function richAnswer(what: string | RichAnswer): RichAnswer {
  return typeof what === 'string' ? { text: what } : what;
}

function formatted({ text = '', entities = [] }: RichAnswer): FormattedText {
  return { text, entities: [...entities] };
}

function replyOf(options: SendOptions | undefined): { replyToMessageId?: number } {
  return options?.replyToMessageId === undefined ? {} : { replyToMessageId: options.replyToMessageId };
}
