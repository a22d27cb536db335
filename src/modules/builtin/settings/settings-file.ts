import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { CommandRefusal, type AnswerFile, type Module, type ModuleLanguage } from '../../contract/index.js';
import { describeValue } from '../../values/describe-value.js';
import { fitsValue } from '../../values/fits-value.js';
import { isSecret } from '../../values/is-secret.js';
import type { SettingState } from '../../settings/module-settings.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts } from './texts.js';

const FORMAT = 1;
const MAX_PROBLEMS = 10;

const fileSchema = z.object({
  gramscribe: z.literal('settings'),
  format: z.int(),
  modules: z.record(z.string(), z.record(z.string(), z.json())),
});

/** What a file would change in one module. */
export interface ModuleImport {
  module: Module;
  values: Readonly<Record<string, unknown>>;
  before: readonly SettingState[];
}

/** All that was chosen and is no secret, and how much of each. */
export async function settingsFile({ directory, settings }: SettingsModulePorts): Promise<{ file: AnswerFile; count: number; secrets: number }> {
  const modules: Record<string, Record<string, unknown>> = {};
  let [count, secrets] = [0, 0];
  for (const { module } of directory().list()) {
    const chosen = (await settings.states(module)).filter(({ isChosen }) => isChosen);
    const open = chosen.filter(({ definition }) => !isSecret(definition));
    count += open.length;
    secrets += chosen.length - open.length;
    if (open.length > 0) modules[module.name] = Object.fromEntries(open.map(({ key, value }) => [key, value]));
  }
  const json = JSON.stringify({ gramscribe: 'settings', format: FORMAT, modules }, undefined, 2);
  return { file: { name: 'gramscribe-settings.json', mimeType: 'application/json', bytes: Buffer.from(json) }, count, secrets };
}

/** What the file would change, checked whole; a `CommandRefusal` names all that does not fit. */
export async function readSettingsFile(bytes: Uint8Array, { directory, settings }: SettingsModulePorts, language: ModuleLanguage): Promise<ModuleImport[]> {
  const own = texts.of(language).config;
  const file = fileSchema.safeParse(anyJson(bytes));
  if (!file.success) throw new CommandRefusal(own.notSettings);
  if (file.data.format > FORMAT) throw new CommandRefusal(own.newer);
  const problems: string[] = [];
  const imports: ModuleImport[] = [];
  for (const [name, values] of Object.entries(file.data.modules)) {
    const module = directory().find(name)?.module;
    if (module === undefined) problems.push(own.importNoModule(name));
    else {
      problems.push(...Object.entries(values).flatMap(([key, value]) => problemOf(module, key, value, language)));
      const before = await settings.states(module);
      const news = Object.fromEntries(Object.entries(values).filter(([key, value]) => !isDeepStrictEqual(before.find((state) => state.key === key)?.value, value)));
      if (Object.keys(news).length > 0) imports.push({ module, values: news, before });
    }
  }
  if (problems.length > 0) throw new CommandRefusal(own.importProblems([...problems.slice(0, MAX_PROBLEMS), ...(problems.length > MAX_PROBLEMS ? ['…'] : [])].map((line) => `• ${line}`).join('\n')));
  return imports;
}

function problemOf(module: Module, key: string, value: unknown, language: ModuleLanguage): string[] {
  const own = texts.of(language).config;
  const definition = Object.hasOwn(module.settings, key) ? module.settings[key] : undefined;
  if (definition === undefined) return [own.importNoKey(module.name, key)];
  if (isSecret(definition)) return [own.importSecret(module.name, key)];
  return fitsValue(definition, value) ? [] : [own.importUnfit(module.name, key, describeValue(definition, language))];
}

function anyJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // No JSON: the same to the owner as JSON of another form.
    return undefined;
  }
}
