import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { textsFor } from '../../i18n/texts.js';
import { loopbackGuard } from '../../web/loopback-guard.js';
import { answerMedia } from '../control/http/media-answer.js';
import type { Sandbox } from '../sandbox.js';
import type { ClipLibrary } from './clip-library.js';
import type { DaemonLog } from './daemon-log.js';
import type { PageMessages } from './page-messages.js';
import { PageStream } from './page-stream.js';
import type { Scene } from './scene.js';
import { securityHeaders } from './security-headers.js';
import type { Stage } from './stage.js';
import type { PageEvent, PageState } from './wire.js';

export interface DemoServerDeps {
  sandbox: Sandbox;
  scene: Scene;
  clips: ClipLibrary;
  messages: PageMessages;
  stage: Stage;
  daemonLog: DaemonLog;
  language: 'en' | 'ru';
  /** As it is before the daemon has said anything. */
  state: PageState;
}

const HOST = '127.0.0.1';
const PAGE = fileURLToPath(new URL('../../../src/sandbox/page/', import.meta.url));
const UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024;
const MAX_TEXT_LENGTH = 4096;

const speaker = z.object({ chatKey: z.string(), personId: z.string() });
const clipOrder = speaker.extend({ clipId: z.string(), kind: z.enum(['voice', 'video-note']) });
const networkOrder = z.object({ isCut: z.boolean() });
const textOrder = z.object({ chatKey: z.string(), text: z.string().trim().min(1).max(MAX_TEXT_LENGTH), replyToKey: z.number().int().optional() });

/** The chat page of the demo, on loopback alone, with what it asks for and what it is told. */
export class DemoServer {
  private readonly app: FastifyInstance;
  private readonly events = new PageStream();
  private readonly stopping = new AbortController();
  private readonly unsubscribe: (() => void)[] = [];
  private state: PageState;

  constructor(private readonly deps: DemoServerDeps) {
    this.state = deps.state;
    this.app = fastify({ bodyLimit: UPLOAD_LIMIT_BYTES, forceCloseConnections: true, exposeHeadRoutes: false });
  }

  /** Resolves with the page's address. @param port 0: a free one. */
  async start(port: number): Promise<string> {
    const { app, deps } = this;
    app.addHook('onRequest', loopbackGuard);
    app.addHook('onSend', (_request, reply, payload, done) => {
      void reply.headers(securityHeaders);
      done(null, payload);
    });
    app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.setErrorHandler((error, _request, reply) => {
      const status = error instanceof z.ZodError || error instanceof RangeError ? 400 : statusOf(error);
      return reply.code(status).send({ error: error instanceof Error ? error.message : 'unknown error' });
    });
    await app.register(fastifyStatic, { root: PAGE, cacheControl: false });
    this.addReads();
    this.addOrders();
    this.unsubscribe.push(
      deps.sandbox.world.events.listen((event) => this.tell(deps.messages.eventOf(event))),
      deps.daemonLog.listen((line, change) => {
        this.tell({ type: 'log', line });
        if (change) this.changeState(change);
      }),
    );
    return `${await app.listen({ host: HOST, port })}/`;
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('the demo is stopping'));
    for (const end of this.unsubscribe.splice(0)) end();
    this.events.close();
    await this.app.close();
  }

  changeState(change: Partial<PageState>): void {
    this.state = { ...this.state, ...change };
    this.tell({ type: 'state', state: this.state });
  }

  private tell(event: PageEvent | undefined): void {
    if (event) this.events.send(event);
  }

  private addReads(): void {
    const { app, deps } = this;
    app.get('/api/events', (_request, reply) => {
      reply.hijack();
      this.events.open(reply.raw, this.wholeScene());
    });
    app.get('/api/texts', () => ({ language: deps.language, en: textsFor('en').demo.page, ru: textsFor('ru').demo.page }));
    app.get<{ Params: { id: string } }>('/media/:id', (request, reply) => {
      const file = deps.sandbox.world.documents.all().find(({ id }) => id === request.params.id);
      if (!file) return reply.code(404).send({ error: 'there is no such file' });
      return answerMedia(reply, file, request.headers.range);
    });
  }

  private addOrders(): void {
    const { app, deps } = this;
    const { signal } = this.stopping;
    app.post('/api/clips', async (request) => {
      const { clipId, kind, ...who } = clipOrder.parse(request.body);
      await deps.stage.playClip(who, { clipId, kind }, signal);
      return {};
    });
    app.post('/api/voices', async (request) => {
      const who = speaker.parse(request.query);
      if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw new RangeError('there is nothing in it');
      await deps.stage.speak(who, request.body, signal);
      return {};
    });
    app.post('/api/texts', (request) => {
      const { chatKey, text, replyToKey } = textOrder.parse(request.body);
      deps.stage.write(chatKey, text, replyToKey);
      return {};
    });
    app.post('/api/network', async (request) => {
      const { isCut } = networkOrder.parse(request.body);
      await deps.stage.cutNetwork(isCut);
      this.changeState({ isNetworkCut: isCut });
      return {};
    });
  }

  private wholeScene(): PageEvent {
    const { scene, clips, messages, daemonLog } = this.deps;
    return {
      type: 'scene',
      ownerId: scene.owner.id,
      people: scene.people,
      chats: scene.chats,
      messages: messages.all(),
      clips: clips.list(),
      log: daemonLog.lines,
      state: this.state,
    };
  }
}

function statusOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}
