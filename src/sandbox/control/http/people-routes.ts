import type { FastifyPluginCallback } from 'fastify';
import { userView } from '../views.js';
import type { ControlDeps } from './control-deps.js';
import { newChat, newUser } from './schemas.js';

const MAKE = { group: 'addGroup', supergroup: 'addSupergroup', channel: 'addChannel' } as const;

/** Who is there, and how to sign in as them. */
export function peopleRoutes({ sandbox }: ControlDeps): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/info', () => ({ testDc: sandbox.testDc, publicKeyPem: sandbox.publicKeyPem }));

    app.get('/users', () => [...sandbox.world.users.values()].map(userView));
    app.post('/users', (request) => sandbox.addUser(newUser.parse(request.body)));
    app.post<{ Params: { id: string } }>('/users/:id/sessions', ({ params }) => ({
      session: sandbox.stringSession(params.id),
    }));
    app.get<{ Params: { id: string } }>('/users/:id/chats', ({ params }) => sandbox.chatsOf(params.id));

    app.get<{ Params: { phone: string } }>('/codes/:phone', ({ params }) => {
      const code = sandbox.codeFor(params.phone);
      if (code === undefined) throw new RangeError('No code has been sent to this phone');
      return { code };
    });

    app.post('/chats', (request) => {
      const { kind, ...chat } = newChat.parse(request.body);
      return sandbox[MAKE[kind]](chat);
    });
    done();
  };
}
