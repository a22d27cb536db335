import type { FastifyPluginCallback } from 'fastify';
import { rpcView } from '../event-views.js';
import type { SandboxMessage } from '../views.js';
import type { ControlDeps } from './control-deps.js';
import { makeFault } from './make-fault.js';
import { faultToMake, messageWait, rpcWait } from './schemas.js';

interface RpcQuery {
  Querystring: { method?: string; userId?: string; after?: string };
}

/** What happens, as it happens, and making it go wrong. */
export function watchRoutes({ sandbox, stream, signal }: ControlDeps): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/events', (request, reply) => {
      const last = Number(request.headers['last-event-id']);
      reply.hijack();
      stream.open(reply.raw, Number.isInteger(last) ? last : undefined);
    });

    app.post('/messages/wait', (request) => {
      const { timeoutMs, replyTo, from, chat, contains } = messageWait.parse(request.body);
      const isWanted = (message: SandboxMessage) =>
        (replyTo === undefined || message.replyToKey === replyTo) &&
        (from === undefined || message.fromUserId === from) &&
        (chat === undefined || message.chatKey === chat) &&
        (contains === undefined || message.text.includes(contains));
      return sandbox.waitForMessage(isWanted, timeoutMs === undefined ? {} : { timeoutMs }, signal);
    });

    app.get<RpcQuery>('/rpc', ({ query: { method, userId, after } }) => {
      const calls = sandbox.rpcLog.calls(method, userId === undefined ? {} : { userId });
      return calls.filter(({ index }) => index > Number(after ?? 0)).map(rpcView);
    });
    app.post('/rpc/wait', async (request) => {
      const { method, ...options } = rpcWait.parse(request.body);
      return rpcView(await sandbox.rpcLog.next(method, options, signal));
    });

    app.post('/faults', async (request, reply) => {
      await makeFault(sandbox.faults, faultToMake.parse(request.body));
      return reply.code(204).send();
    });
    done();
  };
}
