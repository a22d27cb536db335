import type { FastifyPluginCallback } from 'fastify';
import type { z } from 'zod';
import type { MediaToSend } from '../scenario.js';
import type { ControlClip, ControlDeps } from './control-deps.js';
import { answerMedia } from './media-answer.js';
import { editToMake, forwardToSend, mediaToSend, messageRef, textToSend, userRef } from './schemas.js';

type MessageParams = { Params: { key: string } };

/** What people say, and saying it in their place. */
export function messageRoutes({ sandbox, clips }: ControlDeps): FastifyPluginCallback {
  const { send } = sandbox;
  return (app, _options, done) => {
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));

    app.get<{ Params: { chat: string }; Querystring: { seenBy?: string } }>('/chats/:chat/messages', (request) =>
      sandbox.messagesOf(request.params.chat, userRef.parse(request.query.seenBy)),
    );
    app.get<MessageParams>('/messages/:key', ({ params }) => sandbox.message(messageRef.parse(params.key)));
    app.get<MessageParams>('/messages/:key/media', (request, reply) => {
      const { media } = send.message(messageRef.parse(request.params.key));
      if (!media) throw new RangeError('This message has no file');
      return answerMedia(reply, media, request.headers.range);
    });

    app.get('/clips', () => clips.map(({ bytes, waveform: _waveform, ...clip }) => ({ ...clip, sizeBytes: bytes.length })));
    app.post('/messages/text', (request) => send.text(textToSend.parse(request.body)));
    app.post('/messages/media', (request) => {
      const query = mediaToSend.parse(request.query);
      const clip = query.clip === undefined ? undefined : clipNamed(clips, query.clip);
      const upload = { body: request.body, type: request.headers['content-type'] };
      return send.media(query.kind, contentOf(query, clip, upload));
    });
    app.post('/messages/forward', (request) => send.forward(forwardToSend.parse(request.body)));
    app.patch<MessageParams>('/messages/:key', ({ params, body }) =>
      send.edit(messageRef.parse(params.key), editToMake.parse(body)),
    );
    app.delete<MessageParams & { Querystring: { onlyFor?: string } }>('/messages/:key', ({ params, query }, reply) => {
      send.delete(messageRef.parse(params.key), query.onlyFor === undefined ? {} : { onlyFor: query.onlyFor });
      return reply.code(204).send();
    });
    app.post<MessageParams>('/messages/:key/deliver-again', ({ params }, reply) => {
      send.deliverAgain(messageRef.parse(params.key));
      return reply.code(204).send();
    });
    app.post<{ Params: { chat: string; user: string } }>('/chats/:chat/typing/:user', ({ params }, reply) => {
      send.typing({ from: params.user, to: params.chat });
      return reply.code(204).send();
    });
    app.post<{ Params: { chat: string; user: string } }>('/chats/:chat/read/:user', ({ params }, reply) => {
      send.read({ by: params.user, in: params.chat });
      return reply.code(204).send();
    });
    done();
  };
}

function clipNamed(clips: readonly ControlClip[], name: string): ControlClip {
  const clip = clips.find((each) => each.name === name);
  if (!clip) throw new RangeError(`There is no clip ${name}`);
  return clip;
}

/** The file is the body, or the prepared clip. */
function contentOf(
  { clip: _clip, kind: _kind, ...message }: z.infer<typeof mediaToSend>,
  clip: ControlClip | undefined,
  upload: { body: unknown; type: string | undefined },
): MediaToSend {
  if (clip) {
    const { bytes, mimeType, durationSec, waveform } = clip;
    return { durationSec, ...message, bytes, mimeType, ...(waveform ? { waveform } : {}) };
  }
  if (!Buffer.isBuffer(upload.body) || upload.body.length === 0) throw new RangeError('There is neither a body nor a clip');
  return { durationSec: 0, ...message, bytes: upload.body, ...(upload.type === undefined ? {} : { mimeType: upload.type }) };
}
