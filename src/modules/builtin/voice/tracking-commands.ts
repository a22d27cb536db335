import type { AnyCommand, DefineCommand } from '../../contract/index.js';
import { rest, who, word } from './arguments.js';
import { policyTable } from './policy.js';
import { texts } from './texts.js';
import { startsTime, track, trackedLines, untrack } from './track.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** Whose voices are written down. */
export function trackingCommands(command: DefineCommand<VoiceContext>, ports: VoicePorts): AnyCommand[] {
  return [
    command({
      name: 'track',
      aliases: ['следить', 'следи'],
      about: texts.both((all) => all.track.about),
      args: { who, what: { ...rest, label: texts.both((all) => all.labels.what) } },
      access: 'owner',
      run: async ({ args, message, language, repliedTo }, ctx, signal) => {
        const isTime = startsTime(args, language);
        const given = isTime ? { who: (await repliedTo(signal))?.sender?.id, what: `${args.who} ${args.what}` } : args;
        return track({ ...given, message, language }, ctx, ports, signal);
      },
    }),
    command({
      name: 'untrack',
      aliases: ['неследить'],
      about: texts.both((all) => all.untrack.about),
      args: { who, what: { ...word, label: texts.both((all) => all.words.here) } },
      access: 'owner',
      run: ({ args, message, language }, ctx, signal) => untrack({ ...args, message, language }, ctx, ports, signal),
    }),
    command({
      name: 'tracked',
      aliases: ['отслеживаемые'],
      about: texts.both((all) => all.tracked.about),
      run: ({ language }, ctx) => trackedLines(ctx, ports, language),
    }),
    command({ name: 'policy', aliases: ['политика'], about: texts.both((all) => all.policy.about), run: ({ language }, ctx) => Promise.resolve(policyTable(ctx, ports, language)) }),
  ];
}
