import type { FormattedText } from '../../telegram/formatted-text.js';

/**
 * What stands above each message in Saved Messages: who spoke and where, on one line that ends with the link. By that link a
 * message of ours is recognized there.
 */
export function savedHead(name: string | undefined, link: string): string {
  return name === undefined ? `🎙 ${link}` : `🎙 ${name.replaceAll(/\s+/g, ' ').slice(0, 100)} · ${link}`;
}

/** The text with the head above it. */
export function underHead(head: string, { text, entities }: FormattedText): FormattedText {
  const offset = head.length + 1;
  return { text: `${head}\n${text}`, entities: entities.map((entity) => ({ ...entity, offset: entity.offset + offset })) };
}

/** The text below a head that ends with this link; undefined where there is none. */
export function belowHead(text: string, link: string): string | undefined {
  const [first = '', ...rest] = text.split('\n');
  return first.startsWith('🎙 ') && first.endsWith(link) ? rest.join('\n') : undefined;
}
