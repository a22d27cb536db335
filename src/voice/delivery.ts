/**
 * How the text of a voice reaches people.
 *
 * | delivery | the text stands |
 * | --- | --- |
 * | `reply` | under the voice; a long one as a collapsed quote |
 * | `quote` | under the voice, always as a collapsed quote |
 * | `caption` | in the owner's own voice itself, as its caption; where that cannot be, as with `reply` |
 * | `saved` | in Saved Messages, with who, where and a link |
 * | `silent` | nowhere: it is recorded |
 */
export type Delivery = 'reply' | 'quote' | 'caption' | 'saved' | 'silent';

/** Where an answer stands: in the voice's chat, or in Saved Messages. Each has its own messages on a job's receipt. */
export type AnswerPlace = 'chat' | 'saved';

export function placeOfAnswer({ delivery }: { delivery?: Delivery }): AnswerPlace {
  return delivery === 'saved' ? 'saved' : 'chat';
}

export const deliveries: readonly Delivery[] = ['reply', 'quote', 'caption', 'saved', 'silent'];
