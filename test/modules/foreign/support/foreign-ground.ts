import { join } from 'node:path';
import { vi } from 'vitest';
import { textsFor } from '../../../../src/i18n/texts.js';
import { startConfinedProgram } from '../../../../src/modules/boundary/start-confined-program.js';
import { CommandRefusal } from '../../../../src/modules/contract/command-refusal.js';
import type { Module } from '../../../../src/modules/contract/define-module.js';
import type { ModuleMessage } from '../../../../src/modules/contract/module-message.js';
import { sha256Of } from '../../../../src/modules/foreign/check-package.js';
import { ForeignModules } from '../../../../src/modules/foreign/foreign-modules.js';
import { foreignLimits } from '../../../../src/modules/foreign/foreign-program.js';
import { archiveOf, manifestBytes } from '../../../../src/modules/foreign/make-package.js';
import type { Manifest } from '../../../../src/modules/foreign/manifest.js';
import { PackageStore } from '../../../../src/modules/foreign/package-store.js';
import type { PinnedModule } from '../../../../src/modules/foreign/pinned-module.js';
import type { ListedModule } from '../../../../src/modules/host/module-directory.js';
import { recordedLog } from '../../../support/silent-log.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A package of one file. Its manifest is read out of the source's text, which takes no process as `makeManifest` does. */
export async function packed(source: string, change: (manifest: Manifest) => unknown = (manifest) => manifest, network: readonly string[] = []): Promise<Map<string, Uint8Array>> {
  const bytes = bytesOf(source);
  const word = (key: string): string => new RegExp(`${key}: '([^']*)'`).exec(source)?.[1] ?? '';
  const [en, ru] = [...source.matchAll(/title: '([^']*)', summary: '([^']*)'/g)].map(([, title = '', summary = '']) => ({ title, summary }));
  const uses = JSON.parse((/uses: (\[[^\]]*\])/.exec(source)?.[1] ?? '[]').replaceAll("'", '"')) as Manifest['uses'];
  const manifest = { contract: 1, name: word('name'), version: word('version'), about: { en, ru }, uses, network: [...network], entry: 'module.js', files: { 'module.js': sha256Of(bytes) } } as Manifest;
  return Promise.resolve(new Map([['gramscribe-module.json', manifestBytes(change(manifest) as Manifest)], ['module.js', bytes]]));
}

/** A module with everything that its definition must have, and what a test is about. */
export function moduleSource(parts: { before?: string; uses?: readonly string[]; run?: string; more?: string; name?: string; command?: string }): string {
  return `import { CommandRefusal, defineModule } from 'gramscribe/module';
${parts.before ?? ''}
export default defineModule({
  name: '${parts.name ?? 'sly'}', version: '1.0.0',
  about: { en: { title: 'Sly', summary: 'a test' }, ru: { title: 'Хитрый', summary: 'проверка' } },
  uses: ${JSON.stringify(parts.uses ?? [])},
  commands: (command) => [command({
    name: '${parts.command ?? 'try'}',
    about: { en: { summary: 'tries it', examples: [{ type: 'try', does: 'tries' }] }, ru: { summary: 'пробует', examples: [{ type: 'try', does: 'пробует' }] } },
    args: { what: { kind: 'string', optional: true, rest: true, label: { en: 'what', ru: 'что' } } },
    run: async (call, ctx, signal) => { ${parts.run ?? "return 'fine';"} },
  })],
  ${parts.more ?? ''}
});
`;
}

export const someMessage: ModuleMessage = {
  accountId: 'main',
  chat: { kind: 'user', id: '200' },
  chatKind: 'private',
  messageId: 7,
  outgoing: true,
  edited: false,
  dateMs: 0,
  text: '.try',
  forwarded: false,
  viaBot: false,
  hasMedia: false,
};

/** Everything of modules of others that is real, on a core that only notes what reaches it. */
export function foreignGround(folder: string, options: { allowedFolder?: string; callMs?: number; restAfterMs?: number; nowMs?: () => number } = {}) {
  const pins = new Map<string, PinnedModule>();
  const entries = new Map<string, ListedModule>();
  const stored = new Map<string, unknown>();
  const { log, lines } = recordedLog();
  const told: string[] = [];
  const calls: { what: string; to?: unknown }[] = [];
  const halted = new Map<string, string>();
  const moduleLines: string[] = [];
  const line = (text: string): void => void moduleLines.push(text);
  const noted = (what: string) => vi.fn((to?: unknown) => Promise.resolve(void calls.push({ what, to })));
  const ctxFor = (module: Module): unknown => ({
    accountId: 'main',
    self: { id: '100', name: 'Owner' },
    language: 'en',
    prefix: '.',
    settings: Object.fromEntries(Object.entries(module.settings).map(([key, { default: value }]) => [key, value])),
    log: { debug: line, info: line, warn: line, error: line },
    nowMs: () => Date.now(),
    sleep: (ms: number, signal: AbortSignal) => new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => { clearTimeout(timer); reject(signal.reason as Error); });
    }),
    ...(module.uses.includes('send') && { send: { send: async (to: unknown, what: unknown) => { calls.push({ what: 'send', to: [to, what] }); return Promise.resolve(9); }, edit: noted('edit'), remove: noted('remove') } }),
    ...(module.uses.includes('history') && { history: { message: noted('message'), person: noted('person') } }),
    ...(module.uses.includes('download') && { download: { file: async () => Promise.resolve(Uint8Array.from([1, 2, 250])) } }),
    ...(module.uses.includes('transcribe') && { transcribe: { voice: noted('transcribe') } }),
    ...(module.uses.includes('network') && {
      network: {
        fetch: async (url: string) => {
          calls.push({ what: 'fetch', to: url });
          const elsewhere = new URL(url).searchParams.get('to');
          return Promise.resolve(elsewhere === null ? { status: 200, headers: {}, body: Buffer.from('héllo') } : { status: 302, headers: { location: elsewhere }, body: Buffer.alloc(0) });
        },
      },
    }),
    ...(module.uses.includes('store') && {
      store: {
        get: async (key: string) => Promise.resolve(stored.get(key)),
        set: async (key: string, value: unknown) => Promise.resolve(void stored.set(key, value)),
        delete: async (key: string) => Promise.resolve(stored.delete(key)),
        keys: async () => Promise.resolve([...stored.keys()]),
        update: async (key: string, change: (value: unknown) => unknown) => {
          const after = change(stored.get(key));
          stored.set(key, after);
          return Promise.resolve(after);
        },
      },
    }),
  });
  const directory = {
    list: () => [...entries.values()],
    find: (name: string) => entries.get(name),
    add: async (module: Module, signal: AbortSignal) => {
      await entries.get(module.name)?.module.stop?.();
      const entry: ListedModule = { module, origin: 'foreign', state: 'on', errors: 0 };
      entries.set(module.name, entry);
      halted.delete(module.name);
      try {
        await module.start?.(ctxFor(module) as never, signal);
      } catch (error) {
        entries.set(module.name, { ...entry, state: 'failed', why: error instanceof CommandRefusal ? error.forPerson : 'failed' });
        throw error;
      }
    },
    remove: async (name: string) => {
      const entry = entries.get(name);
      entries.delete(name);
      await entry?.module.stop?.();
    },
    halt: (name: string, why: string) => {
      halted.set(name, why);
      const entry = entries.get(name);
      if (entry === undefined) return;
      entries.set(name, { ...entry, state: 'stopped', why });
      void entry.module.stop?.();
    },
  };
  const newModules = (): ForeignModules =>
    new ForeignModules({
      directory,
      pins: {
        list: async () => Promise.resolve(new Map(pins)),
        save: async (name, pinned) => Promise.resolve(void pins.set(name, JSON.parse(JSON.stringify(pinned)) as PinnedModule)),
        remove: async (name) => Promise.resolve(void pins.delete(name)),
        forgetData: async () => {
          stored.clear();
          return Promise.resolve();
        },
        shownChats: () => ({ load: async () => Promise.resolve([]), add: async () => Promise.resolve() }),
      },
      packages: new PackageStore(join(folder, 'modules')),
      startProgram: startConfinedProgram,
      limits: options.callMs === undefined ? undefined : { ...foreignLimits, callMs: options.callMs },
      restAfterMs: options.restAfterMs,
      allowedFolder: options.allowedFolder,
      language: () => 'en',
      tell: (text) => void told.push(text),
      texts: (language) => textsFor(language).foreignModules,
      nowMs: options.nowMs ?? (() => Date.now()),
      log,
    });
  const modules = newModules();
  const signal = AbortSignal.timeout(120_000);
  return {
    modules,
    newModules,
    directory,
    entries,
    pins,
    stored,
    told,
    calls,
    halted,
    lines,
    moduleLines,
    signal,
    folder: join(folder, 'modules'),
    offer: async (files: Map<string, Uint8Array>) => modules.inspect({ archive: await archiveOf(files) }, 'en', signal),
    load: async (files: Map<string, Uint8Array>) => modules.load(await modules.inspect({ archive: await archiveOf(files) }, 'en', signal), signal),
    /** Calls a command of a module that is in, as the owner in a private chat. */
    call: async (name: string, command: string, args: object = {}, more: { message?: Partial<ModuleMessage>; signal?: AbortSignal; progress?: (text: string) => void } = {}) => {
      const module = entries.get(name)?.module;
      const found = module?.commands.find((one) => one.name === command);
      if (module === undefined || found === undefined) throw new Error(`there is no command ${command} of ${name}`);
      const call = {
        message: { ...someMessage, ...more.message },
        args,
        flags: {},
        byOwner: true,
        language: 'en',
        repliedTo: async () => Promise.resolve({ ...someMessage, messageId: 5, text: 'replied' }),
        progress: more.progress ?? (() => undefined),
        confirm: async () => Promise.resolve(true),
      };
      return found.run(call as never, ctxFor(module) as never, more.signal ?? signal);
    },
    /** Stops all that is in. */
    stop: async () => {
      for (const { module } of entries.values()) await module.stop?.();
    },
  };
}
