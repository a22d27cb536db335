import type { Command } from '../command.js';

/** `.ping`: the round trip to Telegram. */
export function pingCommand(): Command {
  return {
    name: 'ping',
    usage: '',
    describe: (texts) => texts.ping.about,
    run: async ({ gateway }, texts, signal) => texts.ping.answer(Math.round(await gateway.ping(signal))),
  };
}
