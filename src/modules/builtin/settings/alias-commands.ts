import { CommandRefusal, type AnyCommand, type DefineCommand, type RichAnswer } from '../../contract/index.js';
import { onLatinKeys, onRussianKeys } from '../../command-line/keyboard-layout.js';
import { nearestOf } from '../../command-line/nearest.js';
import { oneLine } from '../../one-line.js';
import { carriesSecret } from './may-be-secret.js';
import type { SettingsContext } from './settings-context.js';
import type { SettingsModulePorts } from './settings-module-ports.js';
import { texts, type SettingsTexts } from './texts.js';

const NAME = /^\p{L}[\p{L}\p{N}_-]{0,31}$/u;
const MAX_ALIASES = 100;
const MAX_MEANING_LENGTH = 1000;
/** Of what it stands for, so much is shown; of a name that cannot be one, so much is said again. */
const MAX_SHOWN = 120;
const MAX_QUOTED_LENGTH = 40;

/** `.alias` and `.unalias`. */
export function aliasCommands(command: DefineCommand<SettingsContext>, ports: SettingsModulePorts): readonly AnyCommand[] {
  return [
    command({
      name: 'alias',
      aliases: ['псевдоним', 'aliases'],
      about: texts.both((all) => all.alias.about),
      access: 'owner',
      secret: 'perhaps',
      args: { definition: { kind: 'string', rest: true, optional: true, label: texts.both((all) => all.labels.alias) } },
      run: ({ args, language }, { prefix }) => aliasAnswer(args.definition, prefix, ports, texts.of(language).alias),
    }),
    command({
      name: 'unalias',
      aliases: ['удали-псевдоним'],
      about: texts.both((all) => all.alias.unAbout),
      access: 'owner',
      args: { name: { kind: 'word', label: texts.both((all) => all.labels.name) } },
      run: async ({ args, language }, { prefix }) => {
        const own = texts.of(language).alias;
        const name = bare(args.name, prefix);
        if (!(await ports.choices.removeAlias(name))) throw new CommandRefusal(own.unknown(oneLine(name, MAX_QUOTED_LENGTH)));
        return own.gone(name);
      },
    }),
  ];
}

async function aliasAnswer(definition: string | undefined, prefix: string, ports: SettingsModulePorts, own: SettingsTexts['alias']): Promise<RichAnswer | string> {
  const { choices } = ports;
  const example = `${prefix}alias p = ping`;
  if (definition === undefined) {
    const lines = [...choices.aliases].map(([name, meaning]) => `${prefix}${name} = ${prefix}${oneLine(meaning, MAX_SHOWN)}`);
    return lines.length === 0 ? own.none(example) : [own.title, ...lines].join('\n');
  }
  const [, typedName, typedMeaning] = /^(\S+)\s*=\s*(\S.*)$/s.exec(definition.trim()) ?? /^([^\s=]+)=(\S.*)$/s.exec(definition.trim()) ?? [];
  if (typedName === undefined || typedMeaning === undefined) throw new CommandRefusal(own.usage(example));
  const name = bare(typedName, prefix);
  const meaning = typedMeaning.startsWith(prefix) ? typedMeaning.slice(prefix.length) : typedMeaning;
  if (carriesSecret(meaning, ports)) return { text: `⚠️ ${own.secret}`, deleteCommand: true };
  check(name, meaning, ports, own);
  await choices.setAlias(name, meaning);
  return own.set(prefix + name, prefix + oneLine(meaning, MAX_SHOWN));
}

function check(name: string, meaning: string, { choices, directory }: SettingsModulePorts, own: SettingsTexts['alias']): void {
  // Commands of modules that are off count too: they come back.
  const commands = new Set(directory().list().flatMap(({ module }) => module.commands.flatMap((one) => [one.name, ...(one.aliases ?? [])])));
  if (!NAME.test(name)) throw new CommandRefusal(own.badName(oneLine(name, MAX_QUOTED_LENGTH)));
  // What is a command's name on the other keyboard is that command, too.
  if ([name, onLatinKeys(name), onRussianKeys(name)].some((typed) => commands.has(typed))) throw new CommandRefusal(own.shadows(name));
  if (meaning.length > MAX_MEANING_LENGTH) throw new CommandRefusal(own.tooLong(MAX_MEANING_LENGTH));
  if (!choices.aliases.has(name) && choices.aliases.size >= MAX_ALIASES) throw new CommandRefusal(own.tooMany(MAX_ALIASES));
  const way = [name];
  for (let at = firstWord(meaning); !commands.has(at); at = firstWord(choices.aliases.get(at) ?? '')) {
    if (way.includes(at)) throw new CommandRefusal(own.circle([...way, at].join(' → ')));
    if (!choices.aliases.has(at)) throw new CommandRefusal(own.noCommand(oneLine(at, MAX_QUOTED_LENGTH), nearestOf(at, [...commands, ...choices.aliases.keys()])));
    way.push(at);
  }
}

function firstWord(meaning: string): string {
  return (/^\S*/.exec(meaning.trim())?.[0] ?? '').toLowerCase();
}

/** A name may be typed with the prefix. */
function bare(name: string, prefix: string): string {
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).toLowerCase();
}
