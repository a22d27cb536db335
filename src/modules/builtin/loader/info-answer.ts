import type { Texts } from '../../../i18n/texts.js';
import { richText, type RichPiece } from '../../commands/rich-text.js';
import type { RichAnswer } from '../../contract/answer.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import type { ForeignModuleInfo } from '../../foreign/foreign-modules.js';
import { asksOf } from '../../foreign/offer.js';
import { PackageProblem } from '../../foreign/package-problem.js';
import { texts } from './texts.js';

export interface InfoWords {
  language: ModuleLanguage;
  words: Texts['foreignModules'];
  prefix: string;
}

const MOST_FILES = 12;
/** As much of a hash as people compare. */
const SHOWN_DIGITS = 16;

/** What is known of one module of somebody else: what it is, does and may do, and what of it is pinned. */
export function infoAnswer(info: ForeignModuleInfo, { language, words, prefix }: InfoWords): RichAnswer {
  const t = texts.of(language);
  const { pinned, usage } = info;
  const { description, granted, hosts } = pinned;
  const { title, summary } = description.about[language];
  const may = asksOf({ uses: granted, hosts, watchers: description.watchers }, words);
  const wanted = asksOf({ uses: description.uses.filter((use) => !granted.includes(use)), hosts: hostsOf(info), watchers: [] }, words);
  const used = Object.entries(usage?.calls ?? {}).map(([name, count]) => `${name === 'other' ? t.info.other : name} ${count}`);
  const lines = [
    t.loadmod.head(title, pinned.name, pinned.version),
    summary,
    '',
    stateLine(info, { language, words, prefix }),
    t.info.since(moment(pinned.loadedAtMs, language)),
    t.info.errors(info.errors, usage?.ends ?? 0),
    used.length === 0 ? t.info.notUsed : t.info.used(used.join(', ')),
    '',
    ...list(t.info.may, may.length === 0 ? [words.nothing] : may),
    ...list(t.info.wanted, wanted),
    ...named(t.loadmod.commands, description.commands.flatMap(({ name, aliases = [] }) => [name, ...aliases])),
    ...named(t.info.tasks, description.tasks.map(({ name }) => name)),
    '',
  ];
  return richText(`${lines.join('\n')}\n`, ...packagePieces(info, { language, words, prefix }));
}

/** What it wanted to reach before that was taken back is in its manifest alone. */
function hostsOf({ manifest }: ForeignModuleInfo): readonly string[] {
  return manifest instanceof PackageProblem ? [] : manifest.network;
}

function stateLine({ state, why, isResting, residentBytes, startedAtMs, pinned }: ForeignModuleInfo, { language, prefix }: InfoWords): string {
  const t = texts.of(language).info;
  if (state === 'off') return t.off(`${prefix}enable ${pinned.name}`);
  if (state !== 'on') return t.why(why ?? '?');
  if (isResting) return t.rests;
  return t.runs(startedAtMs === undefined ? '?' : moment(startedAtMs, language), Math.round((residentBytes ?? 0) / 1_000_000));
}

/** The manifest with its hashes, as it was let in. */
function packagePieces({ manifest, pinned }: ForeignModuleInfo, { language, words }: InfoWords): RichPiece[] {
  const t = texts.of(language).info;
  const whole: RichPiece[] = [t.manifest, '\n', ['code', grouped(pinned.sha256, 8)]];
  if (manifest instanceof PackageProblem) return [...whole, `\n⚠️ ${words.notTheSame(manifest.inWords(words))}`];
  const files = Object.entries(manifest.files);
  const shown = files.slice(0, MOST_FILES).flatMap(([path, hash]): RichPiece[] => [`\n• ${path} `, ['code', `${grouped(hash.slice(0, SHOWN_DIGITS), 4)} …`]]);
  const more = files.length - MOST_FILES;
  return [...whole, `\n${t.files(manifest.contract, manifest.entry)}`, ...shown, ...(more > 0 ? [`\n${t.moreFiles(more)}`] : [])];
}

function list(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [head, ...lines.map((line) => `• ${line}`)];
}

function named(line: (names: string) => string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [line(names.join(', '))];
}

function grouped(digits: string, length: number): string {
  return (digits.match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join(' ');
}

function moment(ms: number, language: ModuleLanguage): string {
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}
