import { Redis } from 'ioredis';
import { errorText } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import { checkRedis } from '../../store/check-redis.js';
import { redisOptions } from '../../store/connect-redis.js';
import type { Check } from './check.js';
import { runTool } from './run-tool.js';

type DoctorTexts = Texts['doctor'];

const CONNECT_TIMEOUT_MS = 5000;

/** The Redis server that is named, or the program for one of our own. */
export function checkRedisServer(texts: DoctorTexts, redisUrl: string | undefined): Check {
  return redisUrl === undefined ? checkOwnRedis(texts) : checkGivenRedis(texts, redisUrl);
}

function checkOwnRedis(texts: DoctorTexts): Check {
  return async (signal) => {
    const { status, output } = await runTool('redis-server', ['--version'], signal);
    if (status !== 0) return { name: 'Redis', state: 'failed', found: texts.notFound, remedy: texts.redis.install };
    return { name: 'Redis', state: 'ok', found: texts.redis.own(/v=(\S+)/.exec(output)?.[1] ?? '?') };
  };
}

/** The address may hold a password: it is not shown, nor what an error says of it. */
function checkGivenRedis(texts: DoctorTexts, url: string): Check {
  return async () => {
    const name = 'Redis';
    const redis = new Redis({
      ...redisOptions(url),
      lazyConnect: true,
      connectTimeout: CONNECT_TIMEOUT_MS,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    // connect() rejects with "Connection is closed."; why it is closed comes this way.
    let why: unknown;
    redis.on('error', (error) => (why = error));
    try {
      await redis.connect();
      const problems = await checkRedis(redis);
      const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? '?';
      if (problems.length === 0) return { name, state: 'ok', found: texts.redis.given(version) };
      return { name, state: 'failed', found: texts.redis.unsafe(version), remedy: problems.join('\n') };
    } catch (error) {
      return { name, state: 'failed', found: texts.redis.unreachable(errorText(why ?? error)), remedy: texts.redis.checkUrl };
    } finally {
      redis.disconnect();
    }
  };
}
