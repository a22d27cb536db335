import { defineModule, type Module } from '../../contract/index.js';
import { backlog } from './backlog.js';
import { lang } from './lang.js';
import { mode } from './mode.js';
import { model } from './model.js';
import { heedOptOut } from './opt-out.js';
import { policyTable } from './policy.js';
import { queue } from './queue.js';
import { retry } from './retry.js';
import { texts } from './texts.js';
import { track, trackedLines, untrack } from './track.js';
import { transcribe } from './transcribe.js';
import { vocab } from './vocab.js';
import { choicesOf, voiceSettings } from './voice-settings.js';
import type { VoicePorts } from './voice-ports.js';
import { why } from './why.js';

const who = { kind: 'peer', optional: true, fromReply: true, label: texts.both((all) => all.labels.who) } as const;
const rest = { kind: 'string', optional: true, rest: true } as const;

/** Whose voices are written down, how their texts reach people, and what became of each. */
export function voiceModule(ports: VoicePorts): Module {
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
        run: (message, ctx, signal) => heedOptOut(message, ctx, ports, signal),
      }),
    ],
    commands: (command) => [
      command({
        name: 'track',
        about: texts.both((all) => all.track.about),
        args: { who, what: { ...rest, label: texts.both((all) => all.labels.what) } },
        access: 'owner',
        run: ({ args, message, language }, ctx, signal) => track({ ...args, message, language }, ctx, ports, signal),
      }),
      command({
        name: 'untrack',
        about: texts.both((all) => all.untrack.about),
        args: { who, what: { ...rest, label: texts.both((all) => all.words.here) } },
        access: 'owner',
        run: ({ args, message, language }, ctx, signal) => untrack({ ...args, message, language }, ctx, ports, signal),
      }),
      command({
        name: 'tracked',
        about: texts.both((all) => all.tracked.about),
        run: ({ language }, ctx) => trackedLines(ctx, ports, language),
      }),
      command({
        name: 'transcribe',
        about: texts.both((all) => all.transcribe.about),
        flags: { me: { kind: 'boolean', short: 'm', about: texts.both((all) => all.transcribe.meFlag) } },
        run: async ({ message, flags, language, repliedTo }, _ctx, signal) =>
          transcribe({ message, replied: await repliedTo(signal), toMe: flags.me, language }, ports, signal),
      }),
      command({
        name: 'mode',
        about: texts.both((all) => all.mode.about),
        args: { who, what: { ...rest, label: texts.both((all) => all.labels.mode) } },
        access: 'owner',
        run: ({ args, message, language }, ctx, signal) => mode({ ...args, message, language }, ctx, ports, signal),
      }),
      command({
        name: 'lang',
        about: texts.both((all) => all.lang.about),
        args: { who, what: { ...rest, label: texts.both((all) => all.labels.languages) } },
        run: ({ args, message, language }, ctx, signal) => lang({ ...args, message, language }, ctx, ports, signal),
      }),
      command({
        name: 'vocab',
        about: texts.both((all) => all.vocab.about),
        args: { what: { ...rest, label: texts.both((all) => all.labels.words) } },
        run: ({ args, message, language }, ctx) => vocab({ ...args, message, language }, ctx, ports),
      }),
      command({
        name: 'model',
        about: texts.both((all) => all.model.about),
        args: { name: { kind: 'word', optional: true, label: texts.both((all) => all.labels.model) } },
        deadlineMs: 10 * 60_000,
        run: ({ args, language }, _ctx, signal) => model({ ...args, language }, ports, signal),
      }),
      command({ name: 'policy', about: texts.both((all) => all.policy.about), run: ({ language }, ctx) => Promise.resolve(policyTable(ctx, ports, language)) }),
      command({
        name: 'why',
        about: texts.both((all) => all.why.about),
        run: async ({ message, language, repliedTo }, ctx, signal) => why({ message, replied: await repliedTo(signal), language }, ctx, ports, signal),
      }),
      command({
        name: 'retry',
        about: texts.both((all) => all.retry.about),
        run: async ({ message, language, repliedTo }, ctx, signal) => retry({ message, replied: await repliedTo(signal), language }, ctx, ports, signal),
      }),
      command({ name: 'queue', about: texts.both((all) => all.queue.about), run: ({ message, language }, ctx, signal) => queue(message, ctx, ports, language, signal) }),
      command({
        name: 'backlog',
        about: texts.both((all) => all.backlog.about),
        args: { what: { kind: 'word', optional: true, label: texts.both((all) => all.labels.decision) } },
        access: 'owner',
        run: ({ args, language }, ctx) => backlog({ ...args, language }, ctx, ports),
      }),
    ],
  });
}
