import { distance } from 'fastest-levenshtein';
import type { AuditLog } from '../../access/audit-log.js';
import type { Texts } from '../../../i18n/texts.js';
import type { ForeignModules } from '../../foreign/foreign-modules.js';
import { asksOf, changedAsks, type ModuleOffer } from '../../foreign/offer.js';
import { packageLimits } from '../../foreign/package-limits.js';
import type { Capability, Downloading } from '../../contract/capabilities.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import { defineModule, type Module } from '../../contract/define-module.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import type { ModuleMessage } from '../../contract/module-message.js';
import { oneLine } from '../../one-line.js';
import { infoAnswer } from './info-answer.js';
import { texts } from './texts.js';

export interface LoaderPorts {
  modules: Pick<ForeignModules, 'inspect' | 'load' | 'unload' | 'info' | 'names'>;
  /** What was granted, and taken back with the module, is written to the audit list. */
  audit: Pick<AuditLog, 'note'>;
  /** How a module's wishes are said in words. */
  words: (language: ModuleLanguage) => Texts['foreignModules'];
}

/** `.loadmod` `.unloadmod` `.mod-info`: the owner's say over modules of somebody else. What they were granted is taken back by `.revoke`. */
export function loaderModule({ modules, audit, words }: LoaderPorts): Module {
  return defineModule({
    name: 'loader',
    version: '1.0.0',
    about: texts.both((t) => t.about),
    uses: ['download'],
    commands: (command) => [
      command({
        name: 'loadmod',
        about: texts.both((t) => t.loadmod.about),
        access: 'typed',
        deadlineMs: 240_000,
        args: { path: { kind: 'string', label: texts.both((t) => t.loadmod.path), rest: true, optional: true } },
        run: async (call, ctx, signal) => {
          const t = texts.of(call.language).loadmod;
          const source = call.args.path === undefined ? { archive: await repliedFile(await call.repliedTo(signal), ctx.download, call.language, signal) } : { folder: call.args.path };
          call.progress(t.looking);
          const offer = await modules.inspect(source, call.language, signal);
          if (!(await call.confirm(offerText(offer, call.language, words(call.language)), signal))) return t.refused;
          await loadAudited(offer, words(call.language), signal);
          return t.done(offer.description.about[call.language].title);
        },
      }),
      command({
        name: 'unloadmod',
        about: texts.both((t) => t.unloadmod.about),
        access: 'typed',
        args: { module: { kind: 'word', label: texts.both((t) => t.name) } },
        run: async ({ args, language, confirm }, _, signal) => {
          const t = texts.of(language).unloadmod;
          const info = await modules.info(args.module);
          if (info === undefined) throw await unknown(args.module, language);
          if (!(await confirm(t.ask(info.pinned.description.about[language].title), signal))) return t.kept;
          await modules.unload(args.module);
          await audit.note({ kind: 'revoked', whom: args.module, what: grantedText(info.pinned.granted, info.pinned.hosts, words(language)) });
          return t.done(args.module);
        },
      }),
      command({
        name: 'mod-info',
        about: texts.both((t) => t.info.about),
        access: 'owner',
        args: { module: { kind: 'word', label: texts.both((t) => t.name), optional: true } },
        run: async ({ args, language }, { prefix }) => {
          const t = texts.of(language).info;
          const names = await modules.names();
          if (args.module === undefined) return names.length === 0 ? t.nobody(`${prefix}loadmod`) : t.list(names.join(', '));
          const info = await modules.info(args.module);
          if (info === undefined) throw await unknown(args.module, language);
          return infoAnswer(info, { language, words: words(language), prefix });
        },
      }),
    ],
  });

  /** Nothing is let in that is not in the list. */
  async function loadAudited(offer: ModuleOffer, said: Texts['foreignModules'], signal: AbortSignal): Promise<void> {
    const { description, pack } = offer;
    const about = { whom: description.name, what: grantedText(description.uses, pack.manifest.network, said) };
    await audit.note({ kind: 'granted', ...about });
    try {
      await modules.load(offer, signal);
    } catch (error) {
      await audit.note({ kind: 'revoked', ...about });
      // What was there before an update that did not start is there again, with what it may.
      const left = await modules.info(description.name);
      if (left !== undefined) await audit.note({ kind: 'granted', whom: description.name, what: grantedText(left.pinned.granted, left.pinned.hosts, said) });
      throw error;
    }
  }

  async function unknown(name: string, language: ModuleLanguage): Promise<CommandRefusal> {
    const nearest = (await modules.names()).sort((one, other) => distance(one, name) - distance(other, name))[0];
    return new CommandRefusal(texts.of(language).unknown(oneLine(name, 40), nearest));
  }
}

/** `send, network (api.example.com)`. */
function grantedText(granted: readonly Capability[], hosts: readonly string[], said: Texts['foreignModules']): string {
  const parts = granted.map((one) => (one === 'network' && hosts.length > 0 ? `${one} (${hosts.join(', ')})` : one));
  return parts.length === 0 ? said.nothing : parts.join(', ');
}

async function repliedFile(replied: ModuleMessage | undefined, download: Downloading, language: ModuleLanguage, signal: AbortSignal): Promise<Uint8Array> {
  const t = texts.of(language).loadmod;
  if (replied?.file === undefined) throw new CommandRefusal(t.sayWhat);
  if (replied.file.sizeBytes > packageLimits.archiveBytes) throw new CommandRefusal(t.tooLarge);
  return download.file(replied, packageLimits.archiveBytes, signal);
}

/** What the owner is shown before the question. */
export function offerText(offer: ModuleOffer, language: ModuleLanguage, words: Texts['foreignModules']): string {
  const t = texts.of(language).loadmod;
  const { pack, description, before } = offer;
  const { title, summary } = description.about[language];
  const asks = asksOf({ uses: description.uses, hosts: pack.manifest.network, watchers: description.watchers }, words);
  const { added, gone } = changedAsks(offer, words);
  const list = (head: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [head, ...lines.map((line) => `• ${line}`)]);
  return [
    before === undefined ? t.head(title, description.name, description.version) : t.update(title, description.name, before.version, description.version),
    summary,
    '',
    ...(before === undefined ? list(t.asks, asks.length === 0 ? [words.nothing] : asks) : [...(added.length === 0 ? [t.same] : list(t.new, added)), ...list(t.gone, gone)]),
    ...(description.commands.length === 0 ? [] : [t.commands(description.commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]).join(', '))]),
    t.files(Object.keys(pack.manifest.files).length, pack.sha256.slice(0, 16)),
    '',
    t.ask,
  ].join('\n');
}
