import { z } from 'zod';
import type { Answer } from '../contract/answer.js';
import { MAX_FILE_BYTES } from './file-bound.js';

const text = z.string().max(100_000);

const file = z.strictObject({
  name: z.string().min(1).max(200).regex(/^[^/\\\p{Cc}]+$/u),
  mimeType: z.string().max(100).regex(/^[\w.+-]+\/[\w.+-]+$/),
  /** base64 */
  bytes: z.base64().max(Math.ceil(MAX_FILE_BYTES / 3) * 4),
  as: z.enum(['document', 'photo']).optional(),
});

const entity = z.strictObject({
  type: z.enum(['bold', 'italic', 'code', 'pre', 'quote', 'collapsed-quote', 'spoiler']),
  offset: z.number().int().min(0).max(100_000),
  length: z.number().int().min(1).max(100_000),
});

/** What a module of somebody else says, as it crosses: files in base64. Null: nothing. */
export const answerSchema = z.union([
  text,
  z.null(),
  z.strictObject({ text: text.optional(), entities: z.array(entity).max(500).optional(), file: file.optional(), deleteCommand: z.literal(true).optional() }),
]);

/** Entities that reach over the end of their text are left out: Telegram would refuse the whole message. */
export function readAnswer(crossed: z.infer<typeof answerSchema>): Answer {
  if (crossed === null || typeof crossed === 'string') return crossed ?? undefined;
  const { text: said, entities, file: sent, deleteCommand } = crossed;
  return {
    ...(said !== undefined && { text: said }),
    ...(entities !== undefined && { entities: entities.filter(({ offset, length }) => offset + length <= (said ?? '').length) }),
    ...(sent !== undefined && { file: { name: sent.name, mimeType: sent.mimeType, bytes: Buffer.from(sent.bytes, 'base64'), ...(sent.as !== undefined && { as: sent.as }) } }),
    ...(deleteCommand !== undefined && { deleteCommand }),
  };
}
