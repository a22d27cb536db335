import { expect, test } from 'vitest';
import { defineModule, type Module } from '../../../src/modules/contract/index.js';
import { problemsOf } from '../../../src/modules/host/check-module.js';

const about = { en: { title: 'Tea', summary: 'makes tea' }, ru: { title: 'Чай', summary: 'заваривает чай' } };
const said = { summary: 'does it', examples: [{ type: 'brew', does: 'it' }] };
const label = { en: 'cups', ru: 'чашки' };

const tea = defineModule({
  name: 'tea',
  version: '1.2.3-beta.1',
  about,
  uses: ['store'],
  settings: { strength: { kind: 'integer', min: 1, max: 5, default: 3, about: label } },
  commands: (command) => [
    command({
      name: 'brew',
      aliases: ['завари'],
      about: { en: said, ru: said },
      args: { cups: { kind: 'integer', label }, note: { kind: 'string', label, optional: true, rest: true } },
      flags: { green: { kind: 'boolean', short: 'g', about: label } },
      run: () => Promise.resolve('🍵'),
    }),
  ],
  watchers: (watcher) => [watcher({ name: 'all', filter: { text: { matches: 'tea|чай' } }, run: () => Promise.resolve() })],
});
const [brew] = tea.commands as [Module['commands'][number]];

test('a module that is as it has to be has no problems', () => {
  expect(problemsOf(tea)).toEqual([]);
  expect(problemsOf(tea, [{ ...tea, name: 'coffee', commands: [] }])).toEqual([]);
});

test('no module takes a command of another, nor what is typed for it on the other keyboard', () => {
  const other = { ...tea, name: 'coffee' };
  const called = (...aliases: string[]) => problemsOf({ ...other, commands: [{ ...brew, name: 'grind', aliases }] }, [tea]);
  expect(called('завари')).toEqual(['the command завари is one of the module tea']);
  expect(called('икуц')).toEqual(['the command икуц is brew of the module tea on the other keyboard']);
  expect(called('pfdfhb')).toEqual(['the command pfdfhb is завари of the module tea on the other keyboard']);
  expect(called('смели')).toEqual([]);
});

// What does not compile here may still come from somebody else's JavaScript.
const wrong: [Record<string, unknown>, string][] = [
  [{ name: 'Tea' }, 'the name "Tea"'],
  [{ version: '1' }, 'no semantic version'],
  [{ about: { en: about.en } }, 'there is no text in ru'],
  [{ about: { ...about, ru: { title: ' ', summary: 'x' } } }, 'title: there is no text in ru'],
  [{ uses: ['session'] }, 'it uses "session", which there is not'],
  [{ settings: { strength: { ...tea.settings['strength'], default: 9 } } }, 'setting strength: its default is not what it takes'],
  [{ settings: { 'Not So': tea.settings['strength'] } }, 'a key is lower case words'],
  [{ commands: [{ ...brew, name: 'Brew' }] }, 'command Brew: a name is lower case'],
  [{ commands: [{ ...brew, aliases: ['to brew'] }] }, '"to brew" is no other name'],
  [{ commands: [{ ...brew, aliases: ['brew'] }] }, 'two of its commands are named brew'],
  [{ commands: [{ ...brew, about: { en: said, ru: { summary: '', examples: [] } } }] }, 'command brew, summary: there is no text in ru'],
  [{ commands: [{ ...brew, about: { en: { ...said, examples: [] }, ru: said } }] }, 'command brew: there is no example in en'],
  [{ commands: [{ ...brew, about: undefined }] }, 'command brew, summary: there is no text in en'],
  [{ commands: [{ ...brew, args: { note: brew.args?.['note'], cups: brew.args?.['cups'] } }] }, 'note takes the rest of the line and is not the last'],
  [{ commands: [{ ...brew, args: { may: { ...brew.args?.['cups'], optional: true }, must: brew.args?.['cups'] } }] }, 'must is required and comes after'],
  [{ commands: [{ ...brew, flags: { green: { ...brew.flags?.['green'], short: 'gr' } } }] }, 'the short form of --green'],
  [{ commands: [{ ...brew, flags: { green: brew.flags?.['green'], grand: brew.flags?.['green'] } }] }, 'two flags are -g'],
  [{ watchers: [{ ...tea.watchers[0], filter: { text: { matches: '(' } } }] }, 'no regular expression'],
  [{ watchers: [{ ...tea.watchers[0], filter: { text: { matches: '^(a|aa)+$' } } }] }, 'watcher all: what its text matches could take hours'],
  [{ watchers: [tea.watchers[0], tea.watchers[0]] }, 'two of its watchers are named all'],
];

test.each(wrong)('%j is refused', (over, problem) => {
  const problems = problemsOf({ ...tea, ...over });
  expect(problems.join('\n')).toContain(problem);
});

test('two modules of one name, or with one name for two commands, do not load beside each other', () => {
  expect(problemsOf(tea, [tea])).toContain('there are two modules tea');
  expect(problemsOf(tea, [{ ...tea, name: 'kettle', commands: [{ ...brew, name: 'boil' }] }])).toEqual(['the command завари is one of the module kettle']);
});
