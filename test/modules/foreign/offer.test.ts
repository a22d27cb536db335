import { expect, test } from 'vitest';
import { textsFor } from '../../../src/i18n/texts.js';
import { offerText } from '../../../src/modules/builtin/loader/loader-module.js';
import type { ForeignDescription } from '../../../src/modules/foreign/foreign-description.js';
import { asksOf } from '../../../src/modules/foreign/offer.js';

const texts = textsFor('en').foreignModules;

test('messages that a module judges by itself are told as all that it sees', () => {
  const sees = (text: ForeignDescription['watchers'][number]['filter']['text']) => asksOf({ uses: [], hosts: [], watchers: [{ name: 'all', filter: { text } }] }, texts);
  expect(sees({ contains: 'tea' })).toEqual([texts.sees(texts.kinds.text)]);
  for (const text of [undefined, {}, { contains: '', startsWith: '' }, { matches: 'tea' }]) expect(sees(text)).toEqual([texts.sees(texts.kinds.all)]);
});

test('the owner is shown every name under which a module would be called', () => {
  const about = { title: 'Sly', summary: 'a test' };
  const commands = [{ name: 'try', aliases: ['попробуй', 'pass'], about: { en: { summary: '', examples: [] }, ru: { summary: '', examples: [] } } }];
  const description: ForeignDescription = { name: 'sly', version: '1.0.0', about: { en: about, ru: about }, uses: [], settings: {}, commands, watchers: [], tasks: [], migrations: 0, settingsChanged: false };
  const manifest = { contract: 1 as const, name: 'sly', version: '1.0.0', about: description.about, uses: [], network: [], entry: 'module.js', files: {} };
  expect(offerText({ pack: { manifest, sha256: '0'.repeat(64), files: new Map(), sources: {} }, description }, 'en', texts)).toContain('try, попробуй, pass');
});
