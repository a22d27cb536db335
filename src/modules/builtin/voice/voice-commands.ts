import type { AnyCommand, DefineCommand } from '../../contract/index.js';
import { word } from './arguments.js';
import { backlog } from './backlog.js';
import { queue } from './queue.js';
import { retry } from './retry.js';
import { texts } from './texts.js';
import { transcribe } from './transcribe.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';
import { why } from './why.js';

/** One voice, or those that wait. */
export function voiceCommands(command: DefineCommand<VoiceContext>, ports: VoicePorts): AnyCommand[] {
  return [
    command({
      name: 'transcribe',
      aliases: ['расшифруй', 'расшифровать'],
      about: texts.both((all) => all.transcribe.about),
      flags: { me: { kind: 'boolean', short: 'm', about: texts.both((all) => all.transcribe.meFlag) } },
      run: async ({ message, flags, language, repliedTo }, _ctx, signal) =>
        transcribe({ message, replied: await repliedTo(signal), toMe: flags.me, language }, ports, signal),
    }),
    command({
      name: 'why',
      aliases: ['почему'],
      about: texts.both((all) => all.why.about),
      run: async ({ message, language, repliedTo }, ctx, signal) => why({ message, replied: await repliedTo(signal), language }, ctx, ports, signal),
    }),
    command({
      name: 'retry',
      aliases: ['повтори', 'повторить'],
      about: texts.both((all) => all.retry.about),
      run: async ({ message, language, repliedTo }, ctx, signal) => retry({ message, replied: await repliedTo(signal), language }, ctx, ports, signal),
    }),
    command({ name: 'queue', aliases: ['очередь'], about: texts.both((all) => all.queue.about), run: ({ message, language }, ctx, signal) => queue({ message, language }, ctx, ports, signal) }),
    command({
      name: 'backlog',
      aliases: ['отложенные'],
      about: texts.both((all) => all.backlog.about),
      args: { what: { ...word, label: texts.both((all) => all.labels.decision) } },
      access: 'owner',
      run: ({ args, language }, ctx) => backlog({ ...args, language }, ctx, ports),
    }),
  ];
}
