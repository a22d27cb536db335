import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import { errorText } from '../../errors.js';
import type { Sandbox } from '../sandbox.js';
import { eventView } from './event-views.js';
import type { ControlClip } from './http/control-deps.js';
import { EventStream } from './http/event-stream.js';
import { loopbackGuard } from '../../web/loopback-guard.js';
import { messageRoutes } from './http/message-routes.js';
import { peopleRoutes } from './http/people-routes.js';
import { watchRoutes } from './http/watch-routes.js';
import { WaitTimeoutError } from './wait-for.js';

const HOST = '127.0.0.1';
/** The largest file that may be uploaded, bytes. */
const BODY_LIMIT = 256 * 1024 * 1024;

export interface SandboxControlServerOptions {
  sandbox: Sandbox;
  /** Recordings that can be sent by name. */
  clips?: readonly ControlClip[];
}

/**
 * The sandbox over HTTP, for scenarios in other processes: JSON under `/api/`, and what happens as server-sent events at
 * `/api/events`. Listens on loopback only. Unknown people, chats and messages are 404, what cannot be understood is 400,
 * a wait that was in vain is 504.
 */
export class SandboxControlServer {
  private readonly app: FastifyInstance = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  private readonly stream = new EventStream();
  private readonly ending = new AbortController();
  private stopListening: () => void = () => undefined;

  constructor(private readonly options: SandboxControlServerOptions) {
    const { sandbox, clips = [] } = options;
    const deps = { sandbox, clips, stream: this.stream, signal: this.ending.signal };
    this.app.addHook('onRequest', loopbackGuard);
    this.app.setErrorHandler((error, _request, reply) => reply.code(statusOf(error)).send({ error: errorText(error) }));
    for (const routes of [peopleRoutes, messageRoutes, watchRoutes]) {
      void this.app.register(routes(deps), { prefix: '/api' });
    }
  }

  /** Resolves with its address, `http://127.0.0.1:PORT`; without a port a free one is found. */
  async start(port = 0): Promise<string> {
    const { world } = this.options.sandbox;
    this.stopListening = world.events.listen((event) => this.stream.send(eventView(world, event)));
    return this.app.listen({ host: HOST, port });
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.stopListening();
    this.ending.abort(new WaitTimeoutError('the control server is stopping'));
    this.stream.close();
    await this.app.close();
  }
}

function statusOf(error: unknown): number {
  if (error instanceof ZodError) return 400;
  if (error instanceof RangeError) return 404;
  if (error instanceof WaitTimeoutError) return 504;
  const given = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof given === 'number' ? given : 500;
}
