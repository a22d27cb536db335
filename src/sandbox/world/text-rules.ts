import { RpcFault } from '../rpc.js';
import type { SandboxEntity } from './model.js';
import { CAPTION_LENGTH_MAX, MESSAGE_LENGTH_MAX } from './tl/config.js';

/** Telegram counts the length of a text in Unicode characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

export interface CleanText {
  text: string;
  entities: SandboxEntity[];
}

/**
 * What Telegram keeps of a text: ends without white space, entities in order and inside the text.
 * @throws {RpcFault} MESSAGE_EMPTY, MESSAGE_TOO_LONG, ENTITY_BOUNDS_INVALID.
 */
export function checkMessage(raw: string, entities: SandboxEntity[]): CleanText {
  const clean = checkEntities(raw, entities);
  if (clean.text === '') throw new RpcFault(400, 'MESSAGE_EMPTY');
  if (lengthOf(clean.text) > MESSAGE_LENGTH_MAX) throw new RpcFault(400, 'MESSAGE_TOO_LONG');
  return clean;
}

/** The same for the text under a file, which may be empty and is shorter: MEDIA_CAPTION_TOO_LONG. */
export function checkCaption(raw: string, entities: SandboxEntity[]): CleanText {
  const clean = checkEntities(raw, entities);
  if (lengthOf(clean.text) > CAPTION_LENGTH_MAX) throw new RpcFault(400, 'MEDIA_CAPTION_TOO_LONG');
  return clean;
}

function checkEntities(raw: string, entities: SandboxEntity[]): CleanText {
  for (const { offset, length } of entities) {
    if (offset < 0 || length < 0 || offset + length > raw.length || splitsPair(raw, offset) || splitsPair(raw, offset + length)) {
      throw new RpcFault(400, 'ENTITY_BOUNDS_INVALID');
    }
  }
  const shift = raw.length - raw.trimStart().length;
  const text = raw.trim();
  const kept = entities.flatMap((entity) => {
    const start = Math.max(entity.offset - shift, 0);
    const end = Math.min(entity.offset + entity.length - shift, text.length);
    return end > start ? [{ ...entity, offset: start, length: end - start }] : [];
  });
  kept.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities: kept };
}

/** Whether the place is inside a surrogate pair. */
function splitsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}
