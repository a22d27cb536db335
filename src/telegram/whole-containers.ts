import type { TelegramClient } from 'telegram';
import { MessageContainer } from 'telegram/tl/core/index.js';

/** Names of the library that no type of it shows; where they do not exist nothing is changed. */
interface LibraryInternals {
  _sender?: { _handlers?: Record<string, Handler>; _processMessage?: (message: unknown) => Promise<void> };
}

type Handler = (message: { obj: { messages: readonly unknown[] } }) => Promise<void>;

/**
 * Telegram packs several answers and updates into one container. The library throws where an answer is an error, after it
 * has told whoever asked, and then drops all that follows in the container: other answers are waited for in vain until
 * their deadline, and updates are missed. Here each message of a container is taken; the first error goes to the
 * library's loop as before. To be called once the client is connected.
 */
export function takeWholeContainers(client: TelegramClient): void {
  const sender = (client as unknown as LibraryInternals)._sender;
  const handlers = sender?._handlers;
  const name = MessageContainer.CONSTRUCTOR_ID.toString();
  if (sender?._processMessage === undefined || handlers?.[name] === undefined) return;
  handlers[name] = async (message) => {
    const errors: unknown[] = [];
    for (const inner of message.obj.messages) await sender._processMessage?.(inner).catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  };
}
