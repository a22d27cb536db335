import { CommandRefusal, type Answer, type ModuleLanguage } from '../../contract/index.js';
import { nearestOf } from '../../command-line/nearest.js';
import { usageOf } from '../../command-line/usage.js';
import { commandHelp } from '../../commands/command-help.js';
import { richText, type RichPiece } from '../../commands/rich-text.js';
import type { ListedModule } from '../../host/module-directory.js';
import { oneLine } from '../../one-line.js';
import type { CommandsPorts } from './commands-ports.js';
import { texts } from './texts.js';

/** Of a name that nobody has, so much is said again. */
const MAX_QUOTED_LENGTH = 60;

interface HelpWanted {
  /** A command, an alias or a module; all of them where it is undefined. */
  name: string | undefined;
  wantsModule: boolean;
  prefix: string;
  language: ModuleLanguage;
}

/** The list of all, or the help of one. @throws CommandRefusal where nothing has the name */
export function helpAnswer(wanted: HelpWanted, ports: CommandsPorts): Answer {
  const { prefix, language } = wanted;
  const directory = ports.directory();
  if (wanted.name === undefined) return everything(directory.list(), prefix, language);
  const name = wanted.name.toLowerCase();
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const listed = directory.find(bare);
  if (wanted.wantsModule && listed !== undefined) return moduleHelp(listed, prefix, language);
  const meaning = ports.aliases().get(bare);
  const [aliased] = meaning?.split(/\s/) ?? [];
  const found = directory.findCommand(bare) ?? (aliased === undefined ? undefined : directory.findCommand(aliased.toLowerCase()));
  const { help } = texts.of(language);
  if (found !== undefined) {
    const alias = found.command.name === aliased && meaning !== undefined ? `${help.alias(prefix + bare, prefix + meaning)}\n\n` : '';
    const twin = listed === undefined ? '' : `\n${help.sameName(`${prefix}help ${bare} -m`)}`;
    return withAround(alias, commandHelp(found, prefix, language), twin);
  }
  if (listed !== undefined) return moduleHelp(listed, prefix, language);
  throw new CommandRefusal(help.unknown(oneLine(wanted.name, MAX_QUOTED_LENGTH), nearestOf(bare, namesOf(directory.list()))));
}

/** A line for each module that is on: its title, its commands. */
function everything(modules: readonly ListedModule[], prefix: string, language: ModuleLanguage): Answer {
  const { help } = texts.of(language);
  const on = modules.filter(({ state, module }) => state === 'on' && module.commands.length > 0);
  const off = modules.filter(({ state }) => state !== 'on').map(({ module }) => module.name);
  const pieces: RichPiece[] = [['bold', help.title], '\n'];
  for (const { module } of on) {
    pieces.push('\n', ['bold', module.about[language].title], ': ');
    for (const [index, command] of module.commands.entries()) pieces.push(index === 0 ? '' : ' ', ['code', prefix + command.name]);
  }
  if (off.length > 0) pieces.push(`\n\n${help.off(off.join(', '))}`);
  pieces.push(`\n\n${help.more(`${prefix}help`)}`);
  return richText(...pieces);
}

function moduleHelp({ module, state, why }: ListedModule, prefix: string, language: ModuleLanguage): Answer {
  const { help } = texts.of(language);
  const { title, summary } = module.about[language];
  const pieces: RichPiece[] = [['bold', title], ` · ${module.name} ${module.version}\n${summary}`];
  if (state !== 'on') pieces.push(`\n${help.states[state]}${why === undefined ? '' : `: ${why}`}`);
  pieces.push('\n');
  for (const command of module.commands) {
    pieces.push('\n', ['code', usageOf(command, prefix, language)], ` · ${command.about[language].summary}`);
  }
  if (module.commands.length === 0) pieces.push(`\n${help.noCommands}`);
  return richText(...pieces);
}

function namesOf(modules: readonly ListedModule[]): string[] {
  return modules.flatMap(({ module, state }) => [
    module.name,
    ...(state === 'on' ? module.commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]) : []),
  ]);
}

function withAround(before: string, text: ReturnType<typeof commandHelp>, after: string): Answer {
  const entities = text.entities.map((entity) => ({ ...entity, offset: entity.offset + before.length }));
  return { text: before + text.text + after, entities };
}
