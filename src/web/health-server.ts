import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance, type onRequestHookHandler } from 'fastify';
import { errorText } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { Service } from '../supervisor/service-group.js';
import { loopbackGuard } from './loopback-guard.js';
import { examine, type VitalSigns } from './readiness.js';

export interface HealthServerOptions {
  port: number;
  signs: VitalSigns;
  texts: Texts['lifecycle'];
  log: Logger;
}

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 16;
const REQUEST_TIMEOUT_MS = 5000;

/**
 * `GET /healthz`: 200 while the event loop turns. `GET /readyz`: each check as JSON; 200 where all are well, 503 where one
 * is not. For this machine alone, and nothing in it is secret. A port that cannot be had is said in the log, and the daemon
 * goes on without: its work does not hang on being asked how it is.
 */
export class HealthServer implements Service {
  readonly name = 'health';
  readonly #options: HealthServerOptions;
  readonly #app: FastifyInstance;

  constructor(options: HealthServerOptions) {
    this.#options = options;
    this.#app = fastify({ forceCloseConnections: true, requestTimeout: REQUEST_TIMEOUT_MS });
    this.#app.server.maxConnections = MAX_CONNECTIONS;
    this.#app.addHook('onRequest', loopbackGuard);
    this.#app.addHook('onRequest', this.#readingOnly);
    this.#app.get('/healthz', (_, reply) => reply.header('cache-control', 'no-store').send({ alive: true }));
    this.#app.get('/readyz', async (_, reply) => {
      const readiness = await examine(options.signs);
      return reply.code(readiness.ready ? 200 : 503).header('cache-control', 'no-store').send(readiness);
    });
  }

  /** Where it listens; undefined where it does not. */
  get port(): number | undefined {
    return (this.#app.server.address() as AddressInfo | null)?.port;
  }

  async start(): Promise<void> {
    const { port, texts, log } = this.#options;
    try {
      await this.#app.listen({ host: HOST, port });
    } catch (error) {
      log.warn({ err: error }, texts.noHealthPort(port, errorText(error)));
    }
  }

  async stop(): Promise<void> {
    await this.#app.close();
  }

  /** Here and not in routes, so that no body is read before it is refused. */
  readonly #readingOnly: onRequestHookHandler = (request, reply, done) => {
    const path = request.url.replace(/\?.*$/s, '');
    if (!this.#app.hasRoute({ method: 'GET', url: path })) {
      void reply.code(404).send({ error: 'there are /healthz and /readyz' });
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      void reply.code(405).header('allow', 'GET, HEAD').send({ error: 'nothing can be changed here' });
    } else done();
  };
}
