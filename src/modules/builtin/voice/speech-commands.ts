import type { AnyCommand, DefineCommand } from '../../contract/index.js';
import { rest, who, word } from './arguments.js';
import { lang } from './lang.js';
import { mode } from './mode.js';
import { model } from './model.js';
import { texts } from './texts.js';
import { vocab } from './vocab.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** How voices are heard, and where their texts go. */
export function speechCommands(command: DefineCommand<VoiceContext>, ports: VoicePorts): AnyCommand[] {
  return [
    command({
      name: 'mode',
      aliases: ['режим'],
      about: texts.both((all) => all.mode.about),
      args: { who, what: { ...word, label: texts.both((all) => all.labels.mode) } },
      access: 'owner',
      run: ({ args, message, language }, ctx, signal) => mode({ ...args, message, language }, ctx, ports, signal),
    }),
    command({
      name: 'lang',
      aliases: ['язык'],
      about: texts.both((all) => all.lang.about),
      args: { who, what: { ...rest, label: texts.both((all) => all.labels.languages) } },
      run: ({ args, message, language }, ctx, signal) => lang({ ...args, message, language }, ctx, ports, signal),
    }),
    command({
      name: 'vocab',
      aliases: ['словарь'],
      about: texts.both((all) => all.vocab.about),
      args: { who, what: { ...rest, label: texts.both((all) => all.labels.words) } },
      run: ({ args, message, language }, ctx, signal) => vocab({ ...args, message, language }, ctx, ports, signal),
    }),
    command({
      name: 'model',
      aliases: ['модель'],
      about: texts.both((all) => all.model.about),
      args: { who, name: { ...word, label: texts.both((all) => all.labels.model) }, where: { ...word, label: texts.both((all) => all.words.here) } },
      deadlineMs: 10 * 60_000,
      run: ({ args, message, language }, ctx, signal) => model({ ...args, message, language }, ctx, ports, signal),
    }),
  ];
}
