import { errorText } from '../../../errors.js';
import { defineModule, type Module } from '../../contract/index.js';
import { BackgroundWork } from './background-work.js';
import { answerOptOut, heedOptOut, saysOptOut } from './opt-out.js';
import { speechCommands } from './speech-commands.js';
import { texts } from './texts.js';
import { trackingCommands } from './tracking-commands.js';
import { voiceCommands } from './voice-commands.js';
import type { VoicePorts } from './voice-ports.js';
import { choicesOf, voiceSettings } from './voice-settings.js';

/** Whose voices are written down, how their texts reach people, and what became of each. */
export function voiceModule(ports: VoicePorts): Module {
  const answers = new BackgroundWork();
  return defineModule({
    name: 'voice',
    version: '1.0.0',
    about: texts.both((all) => all.module),
    uses: ['history', 'send'],
    settings: voiceSettings(ports.choices.defaults),
    start: (ctx) => {
      ports.choices.follow(() => choicesOf(ctx.settings));
      return Promise.resolve();
    },
    watchers: (watcher) => [
      watcher({
        name: 'opt-out',
        filter: { direction: 'incoming', media: 'none', forwards: 'without' },
        wants: (message, ctx) => saysOptOut(message, ctx) !== undefined,
        run: async (message, ctx) => {
          const heeded = await heedOptOut(message, ctx, ports);
          // Telegram may have everybody wait; the next who says so is heard all the same.
          if (heeded !== undefined) answers.do((signal) => answerOptOut(heeded, ctx, ports, signal), (error) => ctx.log.info(`heard, but not answered: ${errorText(error)}`));
        },
      }),
    ],
    stop: () => answers.stop(),
    commands: (command) => [...trackingCommands(command, ports), ...voiceCommands(command, ports), ...speechCommands(command, ports)],
  });
}
