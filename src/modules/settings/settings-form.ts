import type { ModuleLanguage } from '../contract/localized.js';
import type { Module } from '../contract/define-module.js';
import type { ValueSchema } from '../contract/value-schema.js';
import { describeValue } from '../values/describe-value.js';
import { isSecret } from '../values/is-secret.js';
import type { SettingState } from './module-settings.js';

/** One field of a form: plain data, all that is needed to draw it. */
export interface SettingField {
  key: string;
  about: string;
  takes: string;
  /** Kind and bounds of what it takes. */
  schema: ValueSchema;
  /** Absent for a secret. */
  value?: unknown;
  default?: unknown;
  isChosen: boolean;
  isSecret: boolean;
  needsRestart: boolean;
  afterRestart: boolean;
}

export interface SettingsForm {
  module: string;
  title: string;
  summary: string;
  fields: SettingField[];
}

/** The settings of a module as a form, for whatever draws forms. A secret is told of, never told. */
export function settingsForm({ name, about }: Pick<Module, 'name' | 'about'>, states: readonly SettingState[], language: ModuleLanguage): SettingsForm {
  return { module: name, ...about[language], fields: states.map((state) => fieldOf(state, language)) };
}

function fieldOf({ key, definition, value, isChosen, afterRestart }: SettingState, language: ModuleLanguage): SettingField {
  const { about, default: unchosen, restart, ...schema } = definition;
  const secret = isSecret(definition);
  return {
    key,
    about: about[language],
    takes: describeValue(definition, language),
    schema,
    ...(secret ? {} : { value, default: unchosen }),
    isChosen,
    isSecret: secret,
    needsRestart: restart === true,
    afterRestart,
  };
}
