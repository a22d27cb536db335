import { peerKey, type Peer } from '../telegram/peer.js';

/** Where something is said of speech, the more specific first: of a person, a chat, or the whole account. */
export type SpeechScope = { of: 'person'; id: string } | { of: 'chat'; peer: Pick<Peer, 'kind' | 'id'> } | { of: 'account' };

/** `person:ID`, `chat:PEER` or `account`. */
export function scopeKey(scope: SpeechScope): string {
  if (scope.of === 'person') return `person:${scope.id}`;
  return scope.of === 'chat' ? `chat:${peerKey(scope.peer)}` : 'account';
}

/** Everything that may be said of a voice, the most specific first. */
export function scopesOf(voice: { chat: Pick<Peer, 'kind' | 'id'>; senderId?: string | undefined }): SpeechScope[] {
  const person: SpeechScope[] = voice.senderId === undefined ? [] : [{ of: 'person', id: voice.senderId }];
  return [...person, { of: 'chat', peer: voice.chat }, { of: 'account' }];
}
