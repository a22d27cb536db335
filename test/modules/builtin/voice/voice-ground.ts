import type { Redis } from 'ioredis';
import type { Store } from '../../../../src/app-store.js';
import { appVoice, type AppVoice } from '../../../../src/app-voice.js';
import type { Config } from '../../../../src/config/load-config.js';
import { ServerClock } from '../../../../src/intake/server-clock.js';
import { voiceModule } from '../../../../src/modules/builtin/voice/voice-module.js';
import { VoiceQueue } from '../../../../src/queue/voice-queue.js';
import { DeadLetters } from '../../../../src/store/dead-letters.js';
import { OptOuts } from '../../../../src/store/opt-outs.js';
import { Receipts } from '../../../../src/store/receipts.js';
import { redisKeys } from '../../../../src/store/redis-keys.js';
import { SpeechChoices } from '../../../../src/store/speech-choices.js';
import { TrackedList } from '../../../../src/store/tracked-list.js';
import { Transcripts } from '../../../../src/store/transcripts.js';
import type { TelegramGateway } from '../../../../src/telegram/telegram-gateway.js';
import { choiceInForce } from '../../../../src/voice/choice-in-force.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { message } from '../../../support/messages.js';
import { moduleGround, type ModuleGround, type ModuleGroundOptions } from '../../../support/module-ground.js';
import { silentLog } from '../../../support/silent-log.js';

export interface VoiceGround {
  ground: ModuleGround;
  voice: AppVoice;
  store: Store;
  models: string[];
}

export const supergroup = { chat: { kind: 'channel', id: '9', accessHash: '9' }, chatKind: 'supergroup' } as const;
export const savedMessages = { chat: { kind: 'user', id: '1', accessHash: '1' } } as const;

/** The module in the real host, over the parts of the daemon that keep what it does; Anna (5) is known to the account. */
export async function voiceGround(redis: Redis, options: Partial<ModuleGroundOptions> = {}): Promise<VoiceGround> {
  await redis.flushdb();
  const clock = new FakeClock();
  const store = {
    redis,
    tracked: new TrackedList(redis, redisKeys.trackedUsers, () => ground.clock.nowMs()),
    trackedChats: new TrackedList(redis, redisKeys.trackedChats, () => ground.clock.nowMs()),
    optOuts: new OptOuts(redis),
    receipts: new Receipts(redis),
    transcripts: new Transcripts(redis),
    deadLetters: new DeadLetters(redis),
    queue: new VoiceQueue(redis, silentLog()),
  } as Store;
  const chosen = new SpeechChoices(redis);
  const models: string[] = [];
  // That of the ground, which is made after the module.
  const gateway = new Proxy<object>({}, { get: (_none, name) => Reflect.get(ground.gateway, name, ground.gateway) as unknown }) as TelegramGateway;
  const voice = appVoice({
    config: { transcribeOwn: false, quoteAboveLength: 300, backlog: 'all', maxFileBytes: 1e6, maxAudioMs: 1e6, concurrency: 2 } as Config,
    store,
    speech: {
      engine: { name: 'whisper.cpp', model: 'nano', loaded: true, state: () => Promise.resolve({ engine: 'whisper.cpp', model: 'nano', loaded: true, realTimeFactor: 0.5 }) } as never,
      languages: {
        inForce: async (account, scopes) => choiceInForce(await chosen.languages(account, scopes), []),
        learned: () => Promise.resolve(undefined),
        choose: (account, scope, choice) => chosen.chooseLanguages(account, scope, choice),
        reset: (account, scope) => chosen.resetLanguages(account, scope),
      },
      vocabularies: {
        setting: [],
        read: (account, scope) => chosen.vocabulary(account, scope),
        write: (account, scope, vocabulary) => chosen.setVocabulary(account, scope, vocabulary),
      },
      models: {
        current: () => models.at(-1) ?? 'nano',
        present: () => Promise.resolve(['nano', 'small']),
        use: (name) => Promise.resolve(name === 'small' ? (models.push(name), { outcome: 'switched', model: name }) : { outcome: 'unknown', model: name }),
      },
    },
    gateway,
    backlog: {
      summary: () => Promise.resolve({ ask: { voices: 2, chats: 1 }, tooOld: { voices: 0, chats: 0 }, dropped: 0 }),
      answer: () => Promise.resolve(2),
      skip: () => Promise.resolve(2),
    } as never,
    serverClock: new ServerClock(clock),
    isOpen: () => true,
    ignores: () => false,
    log: silentLog(),
  });
  const ground: ModuleGround = await moduleGround(voiceModule(voice.ports), { redis, accountId: 'main', ...options });
  ground.gateway.people.push({ peer: { kind: 'user', id: '5', accessHash: '55' }, name: 'Anna', username: 'anna' });
  return { ground, voice, store, models };
}

/** What Anna writes in the private chat, unless told otherwise. */
export function annaWrites(text: string, over: Parameters<typeof message>[0] = {}): ReturnType<typeof message> {
  return message({ messageId: 40, text, ...over });
}
