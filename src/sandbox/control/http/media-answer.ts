import type { FastifyReply } from 'fastify';

/** The bytes of a file, or the one range of them that a player asks for (RFC 9110, 14.2). */
export function answerMedia(
  reply: FastifyReply,
  { bytes, mimeType }: { bytes: Buffer; mimeType: string },
  range: string | undefined,
): FastifyReply {
  void reply.header('content-type', mimeType).header('accept-ranges', 'bytes');
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return reply.send(bytes);
  const start = first === '' ? Math.max(bytes.length - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
  if (start > end) return reply.code(416).header('content-range', `bytes */${bytes.length}`).send();
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${bytes.length}`)
    .send(bytes.subarray(start, end + 1));
}
