import { expect, test } from 'vitest';
import { AppModules } from '../src/app-modules.js';
import type { Store } from '../src/app-store.js';
import type { Config } from '../src/config/load-config.js';
import { LogLines } from '../src/log/log-lines.js';
import { defineModule } from '../src/modules/contract/index.js';
import { sharedAbort } from '../src/shared-abort.js';
import { StoredModuleSettings } from '../src/store/module-settings.js';
import { FakeGateway } from './support/fake-gateway.js';
import { voiceGround } from './modules/builtin/voice/voice-ground.js';
import { message } from './support/messages.js';
import { silentLog } from './support/silent-log.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { testRedis } from './support/test-redis.js';

const context = testRedis();

async function ground() {
  const { voice } = await voiceGround(context.redis);
  const gateway = new FakeGateway();
  const modules = new AppModules({
    accountId: 'main',
    config: { prefix: '.', language: 'en', dataDir: await temporaryFolder() } as Config,
    language: 'en',
    store: { redis: context.redis } as Store,
    gatewayFor: () => gateway,
    online: { isOpen: false, whenOpen: () => new Promise(() => undefined) },
    lines: new LogLines(),
    version: '0',
    transcribing: { voice: () => Promise.reject(new Error('nobody asks')) },
    seal: { seal: (_purpose, secret) => Promise.resolve(secret), open: (_purpose, sealed) => Promise.resolve(sealed) },
    voice: voice.ports,
    status: {} as never,
    onIncident: () => undefined,
    log: silentLog(),
  });
  return { modules, voice, gateway };
}

test('voices are judged by what the owner chose before their module has started', async () => {
  const { modules, voice } = await ground();
  expect(voice.choices.current.own).toBe('nowhere');
  await new StoredModuleSettings(context.redis, 'main').write('voice', { own: '"private"' });
  await modules.load();
  expect(voice.choices.current.own).toBe('private');
  await modules.stop();
});

test('what comes while the modules start waits for them, but no more than memory has room for, and ends without a word', async () => {
  const { modules, gateway } = await ground();
  const stop = sharedAbort();
  const waiting = Array.from({ length: 5000 }, (_, at) => modules.offer(message({ messageId: at, text: '.ping', outgoing: true }), stop.signal));
  await modules.offer(message({ messageId: 5001, text: '.ping', outgoing: true }), stop.signal);
  stop.abort(new Error('the daemon is stopping'));
  await Promise.all(waiting);
  expect(gateway.calls).toEqual([]);
  await modules.stop();
});

test('what the owner types with a secret reaches no watcher of a module; whatever else is said does', async () => {
  const { modules } = await ground();
  await modules.load();
  const stop = sharedAbort();
  await modules.start(stop.signal);
  const about = { title: 'Ears', summary: 'hears' };
  const heard: string[] = [];
  const ears = defineModule({
    name: 'ears',
    version: '1.0.0',
    about: { en: about, ru: about },
    watchers: (watcher) => [watcher({ name: 'all', filter: {}, run: ({ text }) => Promise.resolve(void heard.push(text)) })],
  });
  await modules.host.add(ears, stop.signal);
  const said = ['.config backup passphrase hunter2', 'юсщташп backup passphrase hunter2', '.notes', 'hunter2?'];
  for (const [at, text] of said.entries()) await modules.offer(message({ messageId: at + 1, text, outgoing: true }), stop.signal);
  expect(heard).toEqual(['.notes', 'hunter2?']);
  stop.abort(new Error('the daemon is stopping'));
  await modules.stop();
});

test('who does not want to be transcribed is heard though they said so while the daemon was away; taking it back needs a live word', async () => {
  const { modules, voice, gateway } = await ground();
  const { signal } = sharedAbort();
  const late = (messageId: number, text: string): Promise<void> => modules.offerLate(message({ messageId, text }), signal);
  await modules.load();
  const early = late(1, '/notranscribe');
  await modules.start(signal);
  await early;
  expect(await voice.ports.optOuts.has('main', '5')).toBe(true);
  const answers = gateway.calls.length;
  await late(2, '/transcribe me');
  await late(3, '.ping');
  expect(await voice.ports.optOuts.has('main', '5')).toBe(true);
  expect(gateway.calls).toHaveLength(answers);
  await modules.stop();
});

test('whom the owner ignores is heard saying so, live and late, and is not answered; taking it back needs a word that is not ignored', async () => {
  const { modules, voice, gateway } = await ground();
  const { signal } = sharedAbort();
  const { optOuts } = voice.ports;
  await modules.load();
  await modules.start(signal);
  await modules.choices.ignore({ peer: { kind: 'user', id: '5' }, name: 'Anna', sinceMs: 1 });
  await modules.offer(message({ messageId: 1, text: 'не расшифровывай' }), signal);
  expect(await optOuts.has('main', '5')).toBe(true);
  await modules.offer(message({ messageId: 2, text: '/transcribe me' }), signal);
  expect(await optOuts.has('main', '5')).toBe(true);
  await optOuts.remove('main', '5');
  await modules.offerLate(message({ messageId: 3, text: '/notranscribe' }), signal);
  expect(await optOuts.has('main', '5')).toBe(true);
  expect(gateway.texts()).toEqual([]);
  await modules.stop();
});
