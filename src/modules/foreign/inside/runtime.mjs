// Runs inside the boundary, beside the module: describes it as data and calls its functions. Nothing here protects anybody,
// for the module may change all of it; what counts is checked by src/modules/foreign/host-calls.ts, outside.
/* eslint-disable @typescript-eslint/ban-ts-comment -- its imports exist only inside */
// @ts-nocheck
import { ModuleAbortController, fromBase64, toBase64 } from 'gramscribe:globals';
import 'gramscribe:install';
import { CommandRefusal } from 'gramscribe/module';
import exported from 'gramscribe:entry';

const ask = globalThis.host.call;
const definition = typeof exported === 'function' ? exported() : exported;
const scopes = new Map();
let facts = { accountId: '', self: { id: '', name: '' }, language: 'en', prefix: '.', settings: {}, uses: [] };
let lifetime = new ModuleAbortController();

/** What crosses is data: functions are only named. */
export function describe() {
  const { name, version, about, uses, settings, commands, watchers, tasks, migrations } = definition;
  return {
    name,
    version,
    about,
    uses,
    settings,
    commands: commands.map(({ run: _, ...data }) => data),
    watchers: watchers.map(({ run: _, wants: __, ...data }) => data),
    tasks: tasks.map(({ name: taskName, everyMs }) => ({ name: taskName, everyMs: typeof everyMs === 'number' ? everyMs : null })),
    migrations: migrations.length,
    settingsChanged: typeof definition.settingsChanged === 'function',
  };
}

/** One call of one of the module's functions. */
export async function invoke({ scope, kind, name, input, facts: now }) {
  facts = now;
  const controller = new ModuleAbortController();
  scopes.set(scope, controller);
  try {
    return { ok: (await functions[kind]({ scope, name, input, signal: controller.signal })) ?? null };
  } catch (error) {
    if (error instanceof CommandRefusal) return { refused: String(error.forPerson) };
    return { failed: { name: String(error?.name ?? 'Error'), message: String(error?.message ?? error), stack: String(error?.stack ?? '') } };
  } finally {
    scopes.delete(scope);
  }
}

export function abort({ scope }) {
  scopes.get(scope)?.abort();
}

const functions = {
  start: async () => {
    lifetime = new ModuleAbortController();
    await definition.start?.(ctx, lifetime.signal);
  },
  stop: async () => {
    lifetime.abort();
    await definition.stop?.();
  },
  intervals: async () => definition.tasks.map(({ everyMs }) => (typeof everyMs === 'function' ? everyMs(ctx) : everyMs)),
  settingsChanged: async ({ input }) => definition.settingsChanged(input, ctx),
  migration: async ({ scope, input }) => definition.migrations[input](storeOf(scope)),
  task: async ({ name, signal }) => named(definition.tasks, name).run(ctx, signal),
  watcher: async ({ name, input, signal }) => {
    const { filter, wants, run } = named(definition.watchers, name);
    const matches = filter.text?.matches;
    if (matches !== undefined && !new RegExp(matches, 'iu').test(input.text)) return;
    if (wants !== undefined && !wants(input, ctx)) return;
    await run(input, ctx, signal);
  },
  command: async ({ scope, name, input, signal }) => {
    const call = {
      ...input,
      repliedTo: async () => (await asked('call.repliedTo', { scope })) ?? undefined,
      progress: (text) => void asked('call.progress', { scope, text: String(text) }).catch(() => undefined),
      confirm: (question) => asked('call.confirm', { scope, question: String(question) }),
    };
    return packed(await named(definition.commands, name).run(call, ctx, signal));
  },
};

function named(list, name) {
  const found = list.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

async function asked(name, input) {
  const { ok, refused, failed } = await ask(name, input);
  if (refused !== undefined) throw new CommandRefusal(refused);
  if (failed !== undefined) throw new Error(failed);
  return ok;
}

/** Bytes cross as base64. */
function packed(answer) {
  const file = answer?.file;
  return file === undefined ? answer : { ...answer, file: { ...file, bytes: toBase64(file.bytes) } };
}

function storeOf(scope) {
  const call = (name, input) => asked(`store.${name}`, { ...input, ...(scope !== undefined && { scope }) });
  return {
    get: async (key) => (await call('get', { key })).value,
    set: (key, value) => call('set', { key, value }),
    delete: (key) => call('delete', { key }),
    keys: (prefix = '') => call('keys', { prefix }),
    update: async (key, change) => {
      for (;;) {
        const before = (await call('get', { key })).value;
        const after = change(before === undefined ? undefined : JSON.parse(JSON.stringify(before)));
        if (await call('swap', { key, ...(before !== undefined && { before }), ...(after !== undefined && { after }) })) return after;
      }
    },
  };
}

const parts = {
  send: {
    send: (to, what, options) => asked('send.send', { to, what: packed(what), options: options ?? {} }),
    edit: (chat, messageId, text) => asked('send.edit', { chat, messageId, what: packed(text) }),
    remove: (chat, messageIds) => asked('send.remove', { chat, messageIds }),
  },
  history: {
    message: async (chat, messageId) => (await asked('history.message', { chat, messageId })) ?? undefined,
    person: async (reference) => (await asked('history.person', { reference })) ?? undefined,
  },
  download: {
    file: async ({ chat, messageId }, maxBytes) => fromBase64(await asked('download.file', { chat, messageId, maxBytes })),
  },
  transcribe: { voice: ({ chat, messageId }) => asked('transcribe.voice', { chat, messageId }) },
  network: {
    fetch: async (url, request) => {
      const answer = await asked('network.fetch', { url: String(url), request: request ?? {} });
      return { ...answer, body: fromBase64(answer.body) };
    },
  },
  store: storeOf(undefined),
};

const log = (level) => (text) => void ask('log', { level, text: String(text) }).catch(() => undefined);

const ctx = {
  get accountId() {
    return facts.accountId;
  },
  get self() {
    return facts.self;
  },
  get language() {
    return facts.language;
  },
  get prefix() {
    return facts.prefix;
  },
  get settings() {
    return facts.settings;
  },
  log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: (text, error) => log('error')(error === undefined ? text : `${text}: ${error?.name ?? 'Error'}`) },
  nowMs: () => Date.now(),
  sleep: (ms) => asked('sleep', { ms }),
};
for (const name of definition.uses) ctx[name] = parts[name];
