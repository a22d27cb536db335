import { expect, test } from 'vitest';
import { documentedModules } from '../../../src/cli/documented-modules.js';
import { readArguments } from '../../../src/modules/command-line/read-arguments.js';
import { readCommandLine } from '../../../src/modules/command-line/read-command-line.js';

test.each(['en', 'ru'] as const)('every example of every command can be typed as it stands (%s)', async (language) => {
  const commands = (await documentedModules()).flatMap((module) => module.commands);
  const names = new Map(commands.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => [name, command])));
  const reader = { choices: { prefix: '.', aliases: new Map() }, knows: (name: string) => names.has(name), isAddressee: () => true };
  const wrong: string[] = [];
  for (const command of commands) {
    for (const { type } of command.about[language].examples) {
      const line = readCommandLine(`.${type}`, reader);
      const typed = line?.kind === 'command' ? names.get(line.name) : undefined;
      if (line?.kind !== 'command' || typed === undefined) {
        wrong.push(`${command.name}: ${type}`);
        continue;
      }
      const repliedTo = () => Promise.resolve({ text: 'https://example.org', sender: { kind: 'user' as const, id: '77' } });
      const reading = await readArguments({ command: typed, line: line.rest, language, isReply: true, repliedTo });
      if (reading.kind !== 'call') wrong.push(`${command.name}: ${type}: ${JSON.stringify(reading)}`);
    }
  }
  expect(wrong).toEqual([]);
});
