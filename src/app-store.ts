import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { ACCOUNT_ID } from './account-id.js';
import type { Config } from './config/load-config.js';
import { errorText, SetupError } from './errors.js';
import type { Texts } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import { VoiceQueue } from './queue/voice-queue.js';
import { BacklogStore } from './store/backlog-store.js';
import { Checkpoints } from './store/checkpoints.js';
import { checkRedis } from './store/check-redis.js';
import { connectRedis, untilServed } from './store/connect-redis.js';
import { DeadLetters } from './store/dead-letters.js';
import { OptOuts } from './store/opt-outs.js';
import { Receipts } from './store/receipts.js';
import { redisKeys } from './store/redis-keys.js';
import { RedisServer } from './store/redis-server.js';
import { requireOwnKeys } from './store/require-own-keys.js';
import { RuntimeSettings } from './store/runtime-settings.js';
import { TrackedList } from './store/tracked-list.js';
import { Transcripts } from './store/transcripts.js';
import { asService } from './supervisor/as-service.js';
import type { ServiceGroup } from './supervisor/service-group.js';

export interface Store {
  redis: Redis;
  tracked: TrackedList;
  trackedChats: TrackedList;
  optOuts: OptOuts;
  settings: RuntimeSettings;
  receipts: Receipts;
  transcripts: Transcripts;
  checkpoints: Checkpoints;
  deadLetters: DeadLetters;
  queue: VoiceQueue;
  backlog: BacklogStore;
}

export interface AppStoreDependencies {
  config: Pick<Config, 'dataDir' | 'redisUrl'>;
  texts: Texts['lifecycle'];
  /** Redis and the connection to it are started in it. */
  services: ServiceGroup;
  log: Logger;
}

/** Part of the composition root: Redis, our own where none is named, and everything that is kept in it. */
export async function openAppStore({ config, texts, services, log }: AppStoreDependencies, signal: AbortSignal): Promise<Store> {
  let url = config.redisUrl;
  if (url === undefined) {
    const server = new RedisServer({ dir: join(config.dataDir, 'redis'), log });
    await services.start(asService('redis-server', () => server.stop(), () => server.start(signal)), signal);
    url = server.socketPath;
  }
  const redis = connectRedis({ url }, log);
  await services.start(asService('redis', () => closeRedis(redis)), signal);
  const refused = (error: unknown): never => {
    throw signal.aborted ? error : new SetupError(texts.redisRefuses(errorText(error)), 'REDIS_URL', { cause: error });
  };
  await untilServed(redis, signal).catch(refused);
  for (const problem of await checkRedis(redis).catch(refused)) log.warn(texts.redisTrouble(problem));
  await requireOwnKeys(redis, ACCOUNT_ID);
  return {
    redis,
    tracked: new TrackedList(redis, redisKeys.trackedUsers),
    trackedChats: new TrackedList(redis, redisKeys.trackedChats),
    optOuts: new OptOuts(redis),
    settings: new RuntimeSettings(redis),
    receipts: new Receipts(redis),
    transcripts: new Transcripts(redis),
    checkpoints: new Checkpoints(redis),
    deadLetters: new DeadLetters(redis),
    queue: new VoiceQueue(redis, log),
    backlog: new BacklogStore(redis, ACCOUNT_ID),
  };
}

/** Waits for what was asked; a server that is away is not waited for. */
async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status === 'ready') await redis.quit();
  else redis.disconnect();
}
