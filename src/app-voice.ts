import { ACCOUNT_ID } from './account-id.js';
import type { Store } from './app-store.js';
import type { Config } from './config/load-config.js';
import type { Backlog } from './intake/backlog.js';
import type { ServerClock } from './intake/server-clock.js';
import { VoiceDoor, type Judged } from './intake/voice-door.js';
import type { Logger } from './log/logger.js';
import { SpeechChoices } from './store/speech-choices.js';
import { systemClock } from './supervisor/clock.js';
import { choiceInForce } from './voice/choice-in-force.js';
import { scopesOf } from './voice/speech-scope.js';
import { VoiceChoicesInForce } from './voice/voice-choices.js';

export interface AppVoiceDependencies {
  config: Config;
  store: Store;
  backlog: Pick<Backlog, 'setAside'>;
  serverClock: ServerClock;
  /** False while the owner has switched the module off. */
  isOpen?: () => boolean;
  /** Whom the owner has put aside. */
  ignores?: (message: Judged) => boolean;
  log: Logger;
}

export interface AppVoice {
  door: VoiceDoor;
  choices: VoiceChoicesInForce;
}

/** Part of the composition root: which voices are taken, and how they are answered. */
export function appVoice({ config, store, backlog, serverClock, isOpen, ignores, log }: AppVoiceDependencies): AppVoice {
  const chosen = new SpeechChoices(store.redis);
  const choices = new VoiceChoicesInForce({
    own: config.transcribeOwn ? 'everywhere' : 'nowhere',
    incoming: 'everywhere',
    files: 'none',
    quoteAboveLength: config.quoteAboveLength,
  });
  const door = new VoiceDoor({
    isOpen: isOpen ?? (() => true),
    choices: () => choices.current,
    people: {
      senderIsTracked: (account, id) => store.tracked.has(account, id),
      chatIsTracked: (account, key) => store.trackedChats.has(account, key),
      optedOut: (account, id) => store.optOuts.has(account, id),
    },
    ignores: ignores ?? (() => false),
    deliveryOf: async ({ accountId, chat, sender }) => {
      const scopes = scopesOf({ chat, senderId: sender?.id });
      return choiceInForce(await chosen.deliveries(accountId, scopes), 'reply').choice;
    },
    backlog: config.backlog,
    enqueue: (job) => store.queue.add(job),
    setAside: (job, because) => backlog.setAside(job, because),
    serverClock,
    clock: systemClock,
    log: log.child({ account: ACCOUNT_ID }),
  });
  return { door, choices };
}
