import type { IncomingMessage } from '../../../src/telegram/incoming-message.js';
import type { UpdateListener } from '../../../src/telegram/update-source.js';

/** A listener that is only interested in messages. */
export function updatesTo(
  onMessage: (message: IncomingMessage) => void,
  probe: (signal: AbortSignal) => Promise<unknown> = () => Promise.resolve(),
): UpdateListener {
  return {
    onEvent: ({ message }) => {
      void message?.then(onMessage);
    },
    onNews: () => undefined,
    onWriting: () => undefined,
    onWritten: () => undefined,
    onConnected: () => undefined,
    probe: async (_deadlineMs, signal) => {
      await probe(signal);
    },
  };
}
