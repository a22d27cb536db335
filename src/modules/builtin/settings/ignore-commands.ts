import { CommandRefusal, type AnyCommand, type DefineCommand, type ModuleMessage, type PeerId } from '../../contract/index.js';
import type { SettingsContext } from './settings-context.js';
import type { IgnoredPeer, SettingsModulePorts } from './settings-module-ports.js';
import { texts, type SettingsTexts } from './texts.js';

interface Subject {
  peer: PeerId;
  name: string;
}

/** `.ignore` and `.unignore`. */
export function ignoreCommands(command: DefineCommand<SettingsContext>, { choices }: SettingsModulePorts): readonly AnyCommand[] {
  const args = {
    here: { kind: 'choice', options: ['here', 'здесь'], optional: true, label: texts.both((all) => all.labels.here) },
    who: { kind: 'peer', optional: true, fromReply: true, label: texts.both((all) => all.labels.who) },
  } as const;
  return [
    command({
      name: 'ignore',
      aliases: ['игнор'],
      about: texts.both((all) => all.ignore.about),
      access: 'owner',
      args,
      run: async (call, ctx, signal) => {
        const own = texts.of(call.language).ignore;
        const subject = await subjectOf(call.args, call.message, { ctx, own }, signal);
        if (subject === undefined) return list(choices.ignored, own);
        if (subject.peer.kind === 'user' && subject.peer.id === ctx.self.id) throw new CommandRefusal(own.yourself);
        const isNew = await choices.ignore({ ...subject, sinceMs: ctx.nowMs() });
        return (isNew ? own.added : own.already)(shown(subject, own));
      },
    }),
    command({
      name: 'unignore',
      aliases: ['неигнор'],
      about: texts.both((all) => all.ignore.unAbout),
      access: 'owner',
      args,
      run: async (call, ctx, signal) => {
        const own = texts.of(call.language).ignore;
        const subject = await subjectOf(call.args, call.message, { ctx, own }, signal);
        if (subject === undefined) throw new CommandRefusal(own.sayWho);
        return ((await choices.unignore(subject.peer)) ? own.removed : own.notIgnored)(shown(subject, own));
      },
    }),
  ];
}

/** Undefined where nobody was named. */
async function subjectOf(
  args: { here: string | undefined; who: string | undefined },
  { chat }: ModuleMessage,
  { ctx, own }: { ctx: SettingsContext; own: SettingsTexts['ignore'] },
  signal: AbortSignal,
): Promise<Subject | undefined> {
  if (args.here !== undefined && args.who !== undefined) throw new CommandRefusal(own.eitherOr);
  const reference = args.here === undefined ? args.who : chat.kind === 'user' ? chat.id : undefined;
  if (reference === undefined) return args.here === undefined ? undefined : chatSubject(chat, own);
  const chatNamed = chatOf(reference);
  if (chatNamed !== undefined) return chatSubject(chatNamed, own);
  const person = await ctx.history.person(reference, signal);
  if (person !== undefined) return { peer: { kind: 'user', id: person.id }, name: person.name };
  if (/^\d+$/.test(reference)) return { peer: { kind: 'user', id: reference }, name: reference };
  throw new CommandRefusal(own.unknown(reference));
}

/** A group or channel by the id that clients show. */
function chatOf(reference: string): PeerId | undefined {
  const [, channel, group] = /^-(?:100(\d{5,})|(\d+))$/.exec(reference) ?? [];
  if (channel !== undefined) return { kind: 'channel', id: channel };
  return group === undefined ? undefined : { kind: 'group', id: group };
}

function chatSubject({ kind, id }: PeerId, own: SettingsTexts['ignore']): Subject {
  return { peer: { kind, id }, name: own.chat(kind === 'channel' ? `-100${id}` : `-${id}`) };
}

function shown({ peer, name }: Subject, own: SettingsTexts['ignore']): string {
  return peer.kind === 'user' && name !== peer.id ? own.person(name, peer.id) : name;
}

function list(ignored: readonly IgnoredPeer[], own: SettingsTexts['ignore']): string {
  return ignored.length === 0 ? own.nobody : [own.title, ...ignored.map((one) => `• ${shown(one, own)}`)].join('\n');
}
