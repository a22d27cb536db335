import { CommandRefusal, type Module, type ModuleLanguage, type RichAnswer } from '../../contract/index.js';
import { richText } from '../../commands/rich-text.js';
import type { SettingChange, SettingState } from '../../settings/module-settings.js';
import { describeValue } from '../../values/describe-value.js';
import { fitsValue } from '../../values/fits-value.js';
import { isSecret } from '../../values/is-secret.js';
import { readValue } from '../../values/read-value.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';
import { quotesAround, valuePiece } from './value-pieces.js';

export interface WantedChange {
  module: Module;
  state: SettingState;
  /** As it was typed; may begin with `+=`, `-=` or `=`. */
  text: string;
  language: ModuleLanguage;
}

/** Changes one setting and says what it was and what it is; rejects with `CommandRefusal` where it does not fit. */
export async function changeSetting(wanted: WantedChange, settings: SettingsModulePorts['settings'], signal: AbortSignal): Promise<RichAnswer> {
  const { module, state, language } = wanted;
  const { key, definition } = state;
  const own = texts.of(language).config;
  const [, operator = '=', operand = ''] = /^(?:([+-]?=)\s*)?(.*)$/s.exec(wanted.text) ?? [];
  const value = readOperand({ ...wanted, text: operator === '=' && !wanted.text.startsWith('=') ? wanted.text : operand }, operator);
  // The list is the one that stands when it is this change's turn: of two at once none is lost.
  const changes = await settings.change(module, (states) => ({ [key]: combined(states.find((one) => one.key === key), operator, value, wanted) }), signal);
  const [change] = changes;
  if (isSecret(definition)) return { text: (isNothing(value) ? own.secretGone : own.secretSet)(module.name, key) };
  if (change === undefined) return { text: own.same(module.name, key) };
  return changedAnswer(module, change, language);
}

function isNothing(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

/** `✅ module key: before → after`. */
export function changedAnswer(module: Module, { key, definition, before, after }: SettingChange, language: ModuleLanguage): RichAnswer {
  const own = texts.of(language).config;
  const shown = [own.changed(module.name, key), valuePiece(definition, before, own), ' → ', valuePiece(definition, after, own)] as const;
  return richText(...shown, definition.restart === true ? `\n${own.afterRestart}` : '');
}

function readOperand({ state: { key, definition }, text, language }: WantedChange, operator: string): unknown {
  if (operator !== '=' && definition.kind !== 'list' && definition.kind !== 'choices') throw new CommandRefusal(texts.of(language).config.notAList(key));
  const isText = definition.kind !== 'list' && definition.kind !== 'choices';
  const reading = readValue(definition, isText ? (quotesAround(text.trim()) ?? text) : text, language);
  if (!reading.ok) throw new CommandRefusal(`${key}: ${reading.problem}`);
  return reading.value;
}

function combined(now: SettingState | undefined, operator: string, value: unknown, { state: { key, definition }, language }: WantedChange): unknown {
  if (operator === '=' || !Array.isArray(value) || !Array.isArray(now?.value)) return value;
  const had: readonly unknown[] = now.value;
  const named: readonly unknown[] = value;
  const list = operator === '+=' ? [...had, ...named.filter((item) => !had.includes(item))] : had.filter((item) => !named.includes(item));
  if (fitsValue(definition, list)) return list;
  throw new CommandRefusal(`${key}: ${texts.of(language).config.takes}${describeValue(definition, language)}.`);
}
