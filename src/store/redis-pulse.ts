import type { Redis } from 'ioredis';

/**
 * Whether Redis answers. A connection that stands is no proof: a server may hang. Whoever asks while a question is under way
 * shares it, so that asking again and again of a server that hangs piles nothing up.
 */
export class RedisPulse {
  #asked: Promise<boolean> | undefined;

  constructor(private readonly redis: Redis) {}

  /** Resolves when Redis has answered, which may take as long as it is away; false at once where there is no connection. */
  answers(): Promise<boolean> {
    if (this.redis.status !== 'ready') return Promise.resolve(false);
    this.#asked ??= this.redis
      .ping()
      .then(
        () => true,
        // Refused (still loading, no rights): there, but of no use.
        () => false,
      )
      .finally(() => {
        this.#asked = undefined;
      });
    return this.#asked;
  }
}
