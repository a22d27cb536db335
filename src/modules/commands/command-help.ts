import { textsFor } from '../../i18n/texts.js';
import type { FormattedText } from '../../telegram/formatted-text.js';
import { flagUsage, takesOf, usageOf } from '../command-line/usage.js';
import type { ModuleLanguage } from '../contract/localized.js';
import type { FoundCommand } from '../host/module-directory.js';
import { richText, type RichPiece } from './rich-text.js';

/** All that a person wants to know of one command: how it is typed, what it does, what each part takes, examples, who may use it. */
export function commandHelp({ module, command }: FoundCommand, prefix: string, language: ModuleLanguage): FormattedText {
  const texts = textsFor(language).commandLine.help;
  const { summary, details, examples } = command.about[language];
  const pieces: RichPiece[] = [['bold', usageOf(command, prefix, language)], `\n${summary}`];
  if (command.aliases !== undefined && command.aliases.length > 0) {
    pieces.push(`\n${texts.otherNames(command.aliases.map((alias) => prefix + alias).join(', '))}`);
  }
  const parts = partsOf(command, language);
  if (parts.length > 0) pieces.push('\n', ...parts);
  if (details !== undefined) pieces.push('\n\n', ['collapsed-quote', details]);
  pieces.push('\n\n', ['bold', texts.examples]);
  for (const { type, does } of examples) pieces.push('\n', ['code', prefix + type], ` · ${does}`);
  const { title } = module.about[language];
  pieces.push(`\n\n${texts.access[command.access ?? 'grantable']} · ${title}`);
  return richText(...pieces);
}

/** A line for each argument and flag: what it takes. */
function partsOf(command: FoundCommand['command'], language: ModuleLanguage): RichPiece[] {
  const { inReply } = textsFor(language).commandLine.help;
  const args = Object.values(command.args ?? {}).flatMap((arg): RichPiece[] => {
    const takes = [takesOf(arg, language), ...(arg.fromReply === true ? [inReply] : [])].filter((part) => part !== '');
    return takes.length === 0 ? [] : ['\n• ', ['code', arg.label[language]], `: ${takes.join(', ')}`];
  });
  const flags = Object.entries(command.flags ?? {}).flatMap(([name, flag]): RichPiece[] => {
    const short = flag.short === undefined ? '' : `, -${flag.short}`;
    const takes = takesOf(flag, language);
    return ['\n• ', ['code', flagUsage(name, flag) + short], `: ${flag.about[language]}${takes === '' ? '' : ` · ${takes}`}`];
  });
  return [...args, ...flags];
}
