import { ACCOUNT_ID } from './account-id.js';
import type { AppSpeech } from './app-speech.js';
import type { Store } from './app-store.js';
import type { Config } from './config/load-config.js';
import { textsFor } from './i18n/texts.js';
import type { Backlog } from './intake/backlog.js';
import type { ServerClock } from './intake/server-clock.js';
import { VoiceDoor, type Judged } from './intake/voice-door.js';
import { voiceRuleNames, voiceRules } from './intake/voice-policy.js';
import type { Logger } from './log/logger.js';
import type { ChatsPort, JobsPort, ModelsPort, ScopedChoice, VoicePorts } from './modules/builtin/voice/voice-ports.js';
import { demandVoice } from './queue/demand-voice.js';
import { FailedVoices } from './queue/failed-voices.js';
import { viewOfQueue } from './queue/view-of-queue.js';
import { SpeechChoices } from './store/speech-choices.js';
import { systemClock } from './supervisor/clock.js';
import type { TelegramGateway } from './telegram/telegram-gateway.js';
import { choiceInForce } from './voice/choice-in-force.js';
import type { Delivery } from './voice/delivery.js';
import { failureText } from './voice/reply-text/failure-text.js';
import { scopesOf } from './voice/speech-scope.js';
import { VoiceChoicesInForce } from './voice/voice-choices.js';
import { voiceJobId, voiceJobOf } from './voice/voice-job.js';

export interface AppVoiceDependencies {
  config: Config;
  store: Store;
  speech: Pick<AppSpeech, 'engine' | 'languages' | 'vocabularies' | 'models'>;
  /** For what commands ask. */
  gateway: TelegramGateway;
  backlog: Backlog;
  serverClock: ServerClock;
  /** False while the owner has switched transcribing off. */
  isOpen: () => boolean;
  /** Whom the owner has put aside. */
  ignores: (message: Judged) => boolean;
  log: Logger;
}

export interface AppVoice {
  /** Which voices are taken. */
  door: VoiceDoor;
  choices: VoiceChoicesInForce;
  /** For the module. */
  ports: VoicePorts;
}

/** Part of the composition root: which voices are taken, how they are answered, and what their owner can do about them. */
export function appVoice(deps: AppVoiceDependencies): AppVoice {
  const { config, store, speech, gateway, backlog, isOpen, ignores, log } = deps;
  const chosen = new SpeechChoices(store.redis);
  const deliveries = deliveryChoices(chosen);
  const defaults = {
    own: config.transcribeOwn ? ('everywhere' as const) : ('nowhere' as const),
    incoming: 'everywhere' as const,
    files: 'none' as const,
    quoteAboveLength: config.quoteAboveLength,
  };
  const choices = new VoiceChoicesInForce(defaults);
  const door = new VoiceDoor({
    isOpen,
    choices: () => choices.current,
    people: {
      senderIsTracked: (account, id) => store.tracked.has(account, id),
      chatIsTracked: (account, key) => store.trackedChats.has(account, key),
      optedOut: (account, id) => store.optOuts.has(account, id),
    },
    ignores,
    deliveryOf: async ({ accountId, chat, sender }) => (await deliveries.inForce(accountId, scopesOf({ chat, senderId: sender?.id }))).choice,
    backlog: config.backlog,
    enqueue: (job) => store.queue.add(job),
    setAside: (job, because) => backlog.setAside(job, because),
    serverClock: deps.serverClock,
    clock: systemClock,
    log: log.child({ account: ACCOUNT_ID }),
  });
  const limits = { maxFileBytes: config.maxFileBytes, maxAudioMs: config.maxAudioMs };
  const ports: VoicePorts = {
    choices: { defaults, follow: (read) => choices.follow(read) },
    people: store.tracked,
    trackedChats: store.trackedChats,
    optOuts: store.optOuts,
    chats: chatNames(gateway),
    deliveries,
    languages: speech.languages,
    vocabularies: speech.vocabularies,
    models: speech.models,
    modelChoices: modelChoices(chosen, speech.models),
    jobs: jobs(deps),
    policy: { rules: voiceRuleNames.map((name) => ({ name, take: voiceRules[name].take })), decide: (message) => door.decide(message) },
    backlog,
    failureText: (reason, language) => failureText(reason, textsFor(language), limits).text,
  };
  return { door, choices, ports };
}

function deliveryChoices(chosen: SpeechChoices): ScopedChoice<Delivery> {
  return {
    inForce: async (account, scopes) => choiceInForce(await chosen.deliveries(account, scopes), 'reply'),
    choose: (account, scope, delivery) => chosen.chooseDelivery(account, scope, delivery),
    reset: (account, scope) => chosen.resetDelivery(account, scope),
  };
}

function modelChoices(chosen: SpeechChoices, models: Pick<ModelsPort, 'current'>): ScopedChoice<string> {
  return {
    inForce: async (account, scopes) => choiceInForce(await chosen.models(account, scopes), models.current()),
    choose: (account, scope, model) => chosen.chooseModel(account, scope, model),
    reset: (account, scope) => chosen.resetModel(account, scope),
  };
}

function chatNames(gateway: TelegramGateway): ChatsPort {
  return {
    named: async (username, signal) => gateway.findChatByUsername(username, signal),
    met: async (chat, signal) => {
      const peer = await gateway.findPeer(chat, signal);
      if (peer === undefined || peer.kind === 'user') return undefined;
      const title = await gateway.chatTitle(peer, signal);
      // Nothing is taken in a broadcast channel, whether it is on the list or not.
      return title === undefined ? undefined : { peer, title, broadcast: false };
    },
    title: async (chat, signal) => {
      if (chat.kind === 'user') return (await gateway.findPersonById(chat.id, signal))?.name ?? chat.id;
      const peer = await gateway.findPeer(chat, signal);
      const title = peer === undefined || peer.kind === 'user' ? undefined : await gateway.chatTitle(peer, signal);
      return title ?? chat.id;
    },
  };
}

function jobs({ store, speech, gateway, config }: AppVoiceDependencies): JobsPort {
  const { queue, receipts, transcripts, deadLetters } = store;
  const failed = new FailedVoices({ queue, deadLetters, receipts, nowMs: () => systemClock.nowMs() });
  const idOf = (accountId: string, chat: Parameters<JobsPort['retry']>[1], messageId: number): string => voiceJobId({ accountId, chat, messageId });
  return {
    demand: async ({ chat, messageId }, delivery, signal) => {
      const peer = await gateway.findPeer(chat, signal);
      const message = peer === undefined ? undefined : await gateway.getMessage(peer, messageId, signal);
      if (message?.voice === undefined) return 'no-voice';
      return demandVoice({ ...voiceJobOf(message, message.voice, systemClock.nowMs()), delivery, because: 'demanded' }, { queue, deadLetters, receipts });
    },
    retry: (account, chat, messageId) => failed.retry(account, idOf(account, chat, messageId)),
    forget: async (account, chat, messageId) => {
      await failed.drop(account, idOf(account, chat, messageId));
    },
    record: async (account, chat, messageId) => {
      const id = idOf(account, chat, messageId);
      const [receipt, queued, transcript, letter] = await Promise.all([receipts.read(id), queue.find(id), transcripts.read(id), deadLetters.find(account, id)]);
      if (!receipt.done && queued === undefined && transcript === undefined && letter === undefined) return undefined;
      return {
        // The answer stands there a moment before the queue lets go of the job.
        state: receipt.done ? 'done' : (queued?.state ?? 'done'),
        replied: receipt.parts.size > 0,
        ...(queued !== undefined && { job: queued.job }),
        ...(receipt.outcome !== undefined && { outcome: receipt.outcome }),
        ...(transcript !== undefined && { transcript }),
        ...(letter !== undefined && { letter }),
      };
    },
    queue: async (account) => {
      const perMs = (await speech.engine.state?.())?.realTimeFactor;
      return viewOfQueue(account, { queue, hands: config.concurrency, ...(perMs !== undefined && { realTimeFactor: perMs }), nowMs: systemClock.nowMs() });
    },
  };
}
