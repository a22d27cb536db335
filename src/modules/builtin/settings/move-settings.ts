import { CommandRefusal, type Answer, type ArgumentsDefinition, type CommandCall, type FlagsDefinition, type ModuleLanguage } from '../../contract/index.js';
import type { SettingsContext } from './settings-context.js';
import { readSettingsFile, settingsFile, type ModuleImport } from './settings-file.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';
import { shownValue } from './value-pieces.js';

const MAX_FILE_BYTES = 1_000_000;

type Call = Pick<CommandCall<ArgumentsDefinition, FlagsDefinition>, 'language' | 'repliedTo' | 'confirm'>;

/** Sends what was chosen to Saved Messages. */
export async function exportSettings({ language }: Pick<Call, 'language'>, ports: SettingsModulePorts, ctx: SettingsContext, signal: AbortSignal): Promise<Answer> {
  const own = texts.of(language).config;
  const { file, count, secrets } = await settingsFile(ports);
  if (count === 0) return own.nothingToExport;
  await ctx.send.send('saved', { text: own.exportCaption(`${ctx.prefix}config --import`), file }, undefined, signal);
  return own.exported(count, secrets);
}

/** Takes a file that `exportSettings` sent: checked whole, shown, asked, then all of it or nothing. */
export async function importSettings(call: Call, ports: SettingsModulePorts, ctx: SettingsContext, signal: AbortSignal): Promise<Answer> {
  const own = texts.of(call.language).config;
  const replied = await call.repliedTo(signal);
  if (replied?.file === undefined) throw new CommandRefusal(own.importWhat);
  if (replied.file.sizeBytes > MAX_FILE_BYTES) throw new CommandRefusal(own.tooLarge);
  const imports = await readSettingsFile(await ctx.download.file(replied, MAX_FILE_BYTES, signal), ports, call.language);
  if (imports.length === 0) return own.importSame;
  const lines = imports.flatMap((one) => changeLines(one, call.language));
  if (!(await call.confirm(own.askImport(lines.join('\n')), signal))) return own.kept;
  await applyAll(imports, ports, call.language, signal);
  return own.imported(lines.length);
}

function changeLines({ module, values, before }: ModuleImport, language: ModuleLanguage): string[] {
  const own = texts.of(language).config;
  return before
    .filter(({ key }) => Object.hasOwn(values, key))
    .map(({ key, definition, value }) => `• ${module.name} ${key}: ${shownValue(definition, value, own)} → ${shownValue(definition, values[key], own)}`);
}

/** Where a module does not take its part, those before it get theirs back. */
async function applyAll(imports: readonly ModuleImport[], { settings }: SettingsModulePorts, language: ModuleLanguage, signal: AbortSignal): Promise<void> {
  const done: ModuleImport[] = [];
  for (const one of imports) {
    try {
      await settings.change(one.module, () => one.values, signal);
      done.push(one);
    } catch (error) {
      for (const { module, values, before } of done) {
        const former = before.filter(({ key }) => Object.hasOwn(values, key)).map(({ key, value, isChosen }) => [key, isChosen ? value : undefined] as const);
        await settings.change(module, () => Object.fromEntries(former), signal);
      }
      if (!(error instanceof CommandRefusal)) throw error;
      throw new CommandRefusal(texts.of(language).config.importUndone(one.module.name, error.forPerson), { cause: error });
    }
  }
}
