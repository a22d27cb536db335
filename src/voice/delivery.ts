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

export const deliveries: readonly Delivery[] = ['reply', 'quote', 'caption', 'saved', 'silent'];
