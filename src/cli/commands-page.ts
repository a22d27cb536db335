import { textsFor, type Language, type Texts } from '../i18n/texts.js';
import { flagUsage, takesOf, usageOf } from '../modules/command-line/usage.js';
import type { AnyCommand, Module } from '../modules/contract/index.js';
import { readablePeriod } from '../modules/readable-duration.js';
import { describeValue } from '../modules/values/describe-value.js';
import { writeValue } from '../modules/values/write-value.js';

const PREFIX = '.';

/** The text of docs/commands.md, or of its Russian twin: all commands and settings of the modules, from their definitions. */
export function commandsPage(modules: readonly Module[], language: Language): string {
  const texts = textsFor(language).commandsPage;
  const lines = [`# ${texts.title}`, '', texts.made, '', `## ${texts.typingTitle}`, '', ...texts.typing.map((line) => `- ${line}`)];
  for (const module of modules) lines.push(...moduleSection(module, language));
  return `${lines.join('\n')}\n`;
}

function moduleSection(module: Module, language: Language): string[] {
  const { title, summary } = module.about[language];
  return [
    '',
    `## ${title} (\`${module.name}\`)`,
    '',
    `${capitalized(summary)}.`,
    ...module.commands.flatMap((command) => commandSection(command, language)),
    ...settingsSection(module, language),
  ];
}

function commandSection(command: AnyCommand, language: Language): string[] {
  const { commandsPage: texts, commandLine } = textsFor(language);
  const { summary, details, examples } = command.about[language];
  const names = (command.aliases ?? []).map((alias) => `\`${PREFIX}${alias}\``).join(', ');
  const notes = [
    `${commandLine.help.access[command.access ?? 'grantable']}.`,
    ...(names === '' ? [] : [`${commandLine.help.otherNames(names)}.`]),
    ...(command.secret === true ? [texts.deleted] : []),
    ...(command.deadlineMs === undefined ? [] : [texts.deadline(readablePeriod(command.deadlineMs, commandLine.units))]),
  ];
  return [
    '',
    `### ${PREFIX}${command.name}`,
    '',
    `\`${usageOf(command, PREFIX, language)}\`: ${summary}.${details === undefined ? '' : ` ${ended(details)}`}`,
    ...table([texts.what, texts.takes, texts.meaning], partsOf(command, language)),
    ...table([texts.example, texts.does], examples.map(({ type, does }) => [code(PREFIX + type), does])),
    '',
    notes.join(' '),
  ];
}

/** Arguments and flags, one a row. */
function partsOf(command: AnyCommand, language: Language): string[][] {
  const { inReply } = textsFor(language).commandLine.help;
  const args = Object.values(command.args ?? {}).map((arg) => [code(arg.label[language]), takesOf(arg, language), arg.fromReply === true ? inReply : '']);
  const flags = Object.entries(command.flags ?? {}).map(([name, flag]) => [
    code(flagUsage(name, flag) + (flag.short === undefined ? '' : `, -${flag.short}`)),
    takesOf(flag, language),
    flag.about[language],
  ]);
  return [...args.filter((cells) => cells.slice(1).some((cell) => cell !== '')), ...flags];
}

function settingsSection({ name, settings }: Module, language: Language): string[] {
  const texts: Texts['commandsPage'] = textsFor(language).commandsPage;
  const rows = Object.entries(settings).map(([key, setting]) => {
    const fallback = writeValue(setting, setting.default);
    const meaning = setting.restart === true ? `${setting.about[language]} (${texts.afterRestart})` : setting.about[language];
    return [code(`${PREFIX}config ${name} ${key}`), describeValue(setting, language), fallback === '' ? '' : code(fallback), meaning];
  });
  if (rows.length === 0) return [];
  return ['', `### ${texts.settingsTitle}: ${name}`, ...table([texts.setting, texts.takes, texts.fallback, texts.meaning], rows)];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')).join(' | ')} |`;
  return ['', line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
