import type { Peer } from '../telegram/peer.js';
import type { Urgency } from './urgency.js';

/** Something that is to go to Telegram. */
export interface GovernedRequest {
  method: 'send' | 'edit' | 'delete' | 'typing' | 'read' | 'find' | 'download' | 'updates' | 'search';
  urgency: Urgency;
  chat?: Peer;
}

/** What people see of the account, as it were its writing: goes out one by one. */
export function isWriting({ method }: GovernedRequest): boolean {
  return method === 'send' || method === 'edit' || method === 'delete';
}

/** False for what is dropped where it cannot go at once. */
export function mayWait({ method, urgency }: GovernedRequest): boolean {
  return method !== 'typing' && urgency !== 'progress';
}
