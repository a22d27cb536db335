import type { Module, ModuleLanguage, RichAnswer } from '../../contract/index.js';
import { richText, type RichPiece } from '../../commands/rich-text.js';
import type { SettingState } from '../../settings/module-settings.js';
import { describeValue } from '../../values/describe-value.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';
import { valuePiece } from './value-pieces.js';

interface Reader {
  language: ModuleLanguage;
  prefix: string;
}

/** The modules that have settings. */
export async function showModules({ directory, settings }: SettingsModulePorts, { language, prefix }: Reader): Promise<RichAnswer> {
  const own = texts.of(language).config;
  const lines: RichPiece[] = [];
  for (const { module } of directory().list()) {
    if (Object.keys(module.settings).length === 0) continue;
    const states = await settings.states(module);
    lines.push('\n', ['code', module.name], ` · ${module.about[language].title} · ${own.count(states.length, states.filter(({ isChosen }) => isChosen).length)}`);
  }
  return richText(['bold', own.title], ...lines, `\n\n${own.more(`${prefix}config ${texts.of(language).labels.module}`)}`);
}

/** All settings of one module, those that were changed marked. */
export function showModule(module: Module, states: readonly SettingState[], { language }: Reader): RichAnswer {
  const own = texts.of(language).config;
  if (states.length === 0) return { text: own.none(module.name) };
  const lines = states.flatMap<RichPiece>(({ key, definition, value, isChosen, afterRestart }) => [
    '\n\n',
    ['code', key],
    ' = ',
    valuePiece(definition, value, own),
    `${isChosen ? ' ✏️' : ''}${afterRestart ? ' ⏳' : ''}\n${definition.about[language]}
`,
    ['italic', describeValue(definition, language)],
  ]);
  return richText(['bold', own.of(module.about[language].title)], ...lines);
}

/** One setting. */
export function showSetting(module: Module, { key, definition, value, isChosen, afterRestart }: SettingState, { language }: Reader): RichAnswer {
  const own = texts.of(language).config;
  return richText(
    ['bold', `⚙️ ${module.name} ${key}`],
    `\n${definition.about[language]}\n\n${own.now}`,
    valuePiece(definition, value, own),
    isChosen ? '' : own.byDefault,
    ...(isChosen ? [`\n${own.defaultIs}`, valuePiece(definition, definition.default, own)] : []),
    `\n${own.takes}${describeValue(definition, language)}`,
    afterRestart ? `\n${own.afterRestart}` : '',
  );
}
