import type { Redis } from 'ioredis';
import { z } from 'zod';
import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { redisKeys } from './redis-keys.js';

export interface ModelWishesDependencies {
  /** A connection to the same server is made beside it: one that listens can do nothing else. */
  redis: Redis;
  /** Fulfils a wish, or says why not; what it resolves with goes back to who asked. */
  grant: (model: string, signal: AbortSignal) => Promise<unknown>;
  /** The line stands, for the first time or again: a wish may have been missed. */
  onListening: (signal: AbortSignal) => Promise<void>;
  log: Logger;
}

const wishShape = z.object({ id: z.uuid(), model: z.string().min(1).max(64) });
export type Wish = z.infer<typeof wishShape>;

/** Nobody waits that long for an answer. */
const ANSWER_KEPT_SEC = 600;

/** The daemon's ear for models that are wished for on the shell: see `askForModel`. */
export class ModelWishes {
  readonly #deps: ModelWishesDependencies;
  readonly #life = sharedAbort();
  readonly #underWay = new Set<Promise<void>>();
  #ear: Redis | undefined;

  constructor(deps: ModelWishesDependencies) {
    this.#deps = deps;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const ear = this.#deps.redis.duplicate();
    this.#ear = ear;
    // The connection beside it says so where Redis is away.
    ear.on('error', (error) => this.#deps.log.debug({ err: error }, 'no wishes are heard while Redis is away'));
    ear.on('message', (_channel, text) => this.#take(text));
    ear.on('ready', () => this.#do((signal) => this.#deps.onListening(signal)));
    await ear.subscribe(redisKeys.modelWishes(ear.options.db ?? 0));
  }

  /** What is under way is cancelled; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#life.abort(new Error('the daemon is stopping'));
    this.#ear?.disconnect();
    await Promise.allSettled(this.#underWay);
  }

  #take(text: string): void {
    const { redis, grant, log } = this.#deps;
    const wish = wishShape.safeParse(jsonOf(text)).data;
    if (wish === undefined) {
      log.debug('a wish for a model could not be read');
      return;
    }
    this.#do(async (signal) => {
      log.info({ model: wish.model }, 'the shell asks for another model');
      const answer = await grant(wish.model, signal);
      const key = redisKeys.modelAnswer(wish.id);
      await redis.multi().rpush(key, JSON.stringify(answer)).expire(key, ANSWER_KEPT_SEC).exec();
    });
  }

  #do(work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#life;
    if (signal.aborted) return;
    const done = work(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#deps.log.error({ err: error }, `a wish for a model could not be fulfilled: ${errorText(error)}`);
    });
    this.#underWay.add(done);
    void done.finally(() => this.#underWay.delete(done));
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // anybody may publish anything
  }
}
