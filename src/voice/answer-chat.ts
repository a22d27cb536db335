import type { Peer } from '../telegram/peer.js';
import type { TelegramGateway } from '../telegram/telegram-gateway.js';
import { placeOfAnswer } from './delivery.js';
import type { VoiceJob } from './voice-job.js';

/** The chat in which the answer to a voice stands. */
export function answerChat(job: Pick<VoiceJob, 'chat' | 'delivery'>, gateway: Pick<TelegramGateway, 'self'>): Peer {
  return placeOfAnswer(job) === 'saved' ? gateway.self.peer : job.chat;
}
