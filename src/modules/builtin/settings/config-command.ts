import { CommandRefusal, type AnyCommand, type ArgumentsDefinition, type CommandCall, type DefineCommand, type FlagsDefinition, type ModuleMessage, type RichAnswer } from '../../contract/index.js';
import { isSecret } from '../../values/is-secret.js';
import { changedAnswer, changeSetting } from './change-setting.js';
import { findModule, findSetting } from './find-setting.js';
import { mayBeSecret } from './may-be-secret.js';
import { exportSettings, importSettings } from './move-settings.js';
import type { SettingsContext } from './settings-context.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { showModule, showModules, showSetting } from './show-settings.js';
import { texts } from './texts.js';

interface Wanted {
  module: string;
  key: string | undefined;
  value: string | undefined;
  reset: boolean;
}

type Call = Pick<CommandCall<ArgumentsDefinition, FlagsDefinition>, 'message' | 'language' | 'repliedTo' | 'confirm'>;

/** `.config`. A message that may have carried a secret is deleted, whatever becomes of the command. */
export function configCommand(command: DefineCommand<SettingsContext>, ports: SettingsModulePorts): AnyCommand {
  return command({
    name: 'config',
    aliases: ['cfg', 'настройки'],
    about: texts.both((all) => all.config.about),
    access: 'owner',
    secret: 'perhaps',
    args: {
      module: { kind: 'word', optional: true, label: texts.both((all) => all.labels.module) },
      key: { kind: 'word', optional: true, label: texts.both((all) => all.labels.key) },
      // No message is too long for it, so no refusal ever quotes what may be a secret.
      value: { kind: 'string', rest: true, optional: true, label: texts.both((all) => all.labels.value) },
    },
    flags: {
      reset: { kind: 'boolean', about: texts.both((all) => all.config.flags.reset) },
      export: { kind: 'boolean', about: texts.both((all) => all.config.flags.export) },
      import: { kind: 'boolean', about: texts.both((all) => all.config.flags.import) },
    },
    run: async (call, ctx, signal) => {
      const { module, key, value } = call.args;
      const own = texts.of(call.language).config;
      // What is too long for a name was left to the value, and nobody knows what it is.
      if (value !== undefined && key === undefined) return { text: `⚠️ ${own.noName}`, deleteCommand: true };
      if (call.flags.export || call.flags.import) {
        if (module !== undefined) throw new CommandRefusal(own.allOfThem);
        return call.flags.export ? exportSettings(call, ports, ctx, signal) : importSettings(call, ports, ctx, signal);
      }
      if (module === undefined) return showModules(ports, { language: call.language, prefix: ctx.prefix });
      const wanted = { module, key, value, reset: call.flags.reset };
      try {
        return await answer(wanted, call, { ports, ctx }, signal);
      } catch (error) {
        // What was typed for a setting that nobody has may be meant for one that is a secret.
        if (!(error instanceof CommandRefusal) || wanted.value === undefined || !mayBeSecret(module, key, ports)) throw error;
        return { text: `⚠️ ${error.forPerson}`, deleteCommand: true };
      }
    },
  });
}

async function answer(wanted: Wanted, call: Call, { ports, ctx }: { ports: SettingsModulePorts; ctx: SettingsContext }, signal: AbortSignal): Promise<RichAnswer> {
  const { language } = call;
  const own = texts.of(language);
  const { module } = findModule(wanted.module, ports, own);
  const states = await ports.settings.states(module);
  const reader = { language, prefix: ctx.prefix };
  if (wanted.key === undefined) return wanted.reset ? resetModule(module.name, call, ports, signal) : showModule(module, states, reader);
  const state = findSetting(module, wanted.key, states, own);
  if (wanted.reset) {
    const [change] = await ports.settings.change(module, () => ({ [state.key]: undefined }), signal);
    if (change === undefined) return { text: own.config.nothingToReset };
    return isSecret(state.definition) ? { text: own.config.resetDone(module.name, state.key) } : changedAnswer(module, change, language);
  }
  const replied = wanted.value === undefined ? await call.repliedTo(signal) : undefined;
  if (replied?.text === '') throw new CommandRefusal(own.config.noText);
  const text = wanted.value ?? replied?.text;
  if (text === undefined) return showSetting(module, state, reader);
  if (isSecret(state.definition) && replied !== undefined) await removeOwn(replied, ctx, signal);
  const changed = await changeSetting({ module, state, text, language }, ports.settings, signal);
  return isSecret(state.definition) ? { ...changed, deleteCommand: true } : changed;
}

/** The message that carried a secret is the owner's to delete; somebody else's is not touched. */
async function removeOwn({ chat, messageId, outgoing }: ModuleMessage, ctx: SettingsContext, signal: AbortSignal): Promise<void> {
  if (outgoing) await ctx.send.remove(chat, [messageId], signal);
}

async function resetModule(name: string, call: Call, { directory, settings }: SettingsModulePorts, signal: AbortSignal): Promise<RichAnswer> {
  const own = texts.of(call.language).config;
  const { module } = findModule(name, { directory }, texts.of(call.language));
  const keys = (await settings.states(module)).filter(({ isChosen }) => isChosen).map(({ key }) => key);
  if (keys.length === 0) return { text: own.nothingToReset };
  if (!(await call.confirm(own.askReset(name, keys.join(', ')), signal))) return { text: own.kept };
  await settings.change(module, () => Object.fromEntries(keys.map((key) => [key, undefined])), signal);
  return { text: own.resetDone(name, keys.join(', ')) };
}
