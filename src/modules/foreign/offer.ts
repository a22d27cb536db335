import type { Texts } from '../../i18n/texts.js';
import type { Capability } from '../contract/capabilities.js';
import type { CheckedPackage } from './check-package.js';
import type { ForeignDescription } from './foreign-description.js';
import type { PinnedModule } from './pinned-module.js';

/** A package that was checked and has described itself behind the boundary; its owner has not let it in. */
export interface ModuleOffer {
  pack: CheckedPackage;
  description: ForeignDescription;
  /** The one of that name that is in now. */
  before?: PinnedModule;
}

/** What a module would be able to do, one line each, as `asksOf` tells it. */
export interface Asks {
  uses: readonly Capability[];
  hosts: readonly string[];
  watchers: ForeignDescription['watchers'];
}

/** In plain words, one line for each thing that it asks for; `nothing` where it only answers. */
export function asksOf({ uses, hosts, watchers }: Asks, texts: Texts['foreignModules']): string[] {
  const lines = uses.map((capability) => (capability === 'network' ? texts.networkHosts(hosts.join(', ')) : texts.capabilities[capability]));
  return [...new Set([...watchers.map(({ filter }) => texts.sees(seen(filter, texts.kinds))), ...lines])];
}

function seen(filter: ForeignDescription['watchers'][number]['filter'], kinds: Texts['foreignModules']['kinds']): string {
  const { direction, chatKinds, chats, from, media, text } = filter;
  const words = [
    ...(direction === undefined ? [] : [kinds[direction]]),
    ...new Set((chatKinds ?? []).map((kind) => kinds[kind])),
    ...(Array.isArray(media) ? [kinds.voice] : []),
    ...(chats !== undefined || from !== undefined ? [kinds.some] : []),
    ...(isHeldBack(text) ? [kinds.text] : []),
  ];
  return words.length === 0 ? kinds.all : words.join(', ');
}

/** Whether the core keeps messages back by their text: what a pattern matches is judged inside, by the module, and all of them cross. */
function isHeldBack(text: ForeignDescription['watchers'][number]['filter']['text']): boolean {
  return [text?.startsWith, text?.endsWith, text?.contains].some((part) => part !== undefined && part !== '');
}

/** What the new one asks for beyond what the old one was granted, and what it asks for no more. */
export function changedAsks(offer: ModuleOffer, texts: Texts['foreignModules']): { added: string[]; gone: string[] } {
  const { before, description, pack } = offer;
  const now = asksOf({ uses: description.uses, hosts: pack.manifest.network, watchers: description.watchers }, texts);
  const then = before === undefined ? [] : asksOf({ uses: before.granted, hosts: before.hosts, watchers: before.description.watchers }, texts);
  return { added: now.filter((line) => !then.includes(line)), gone: then.filter((line) => !now.includes(line)) };
}
