import { Api, type TelegramClient } from 'telegram';

/** Names of the library that no type of it shows; where they do not exist nothing is watched. */
interface LibraryInternals {
  _sender?: { _handlers?: Record<string, Handler> };
}

type Handler = (message: { obj: Api.BadMsgNotification }) => unknown;

/** A clock that is set, here or there, takes the library a few corrections; a loop makes so many in no time. */
const MAX_CORRECTIONS = 30;
const WITHIN_MS = 10_000;

/**
 * Calls `onLost` when this session's messages cannot be accepted any more: Telegram's clock went on and back, so every new
 * id is below one that it has seen (https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message).
 * The library would correct and send the same again as fast as the network takes it, for ever; only a new session helps. To
 * be called once the client is connected.
 */
export function watchMessageIds(client: TelegramClient, onLost: (errorCode: number) => void): void {
  const handlers = (client as unknown as LibraryInternals)._sender?._handlers;
  const name = Api.BadMsgNotification.CONSTRUCTOR_ID.toString();
  const handle = handlers?.[name];
  if (handlers === undefined || handle === undefined) return;
  let corrections = 0;
  let sinceMs = 0;
  handlers[name] = (message) => {
    const nowMs = performance.now();
    if (nowMs - sinceMs > WITHIN_MS) {
      corrections = 0;
      sinceMs = nowMs;
    }
    corrections += 1;
    if (corrections <= MAX_CORRECTIONS) return handle(message);
    onLost(message.obj.errorCode);
    return undefined;
  };
}
