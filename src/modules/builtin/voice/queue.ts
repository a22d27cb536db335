import { peerKey } from '../../../telegram/peer.js';
import type { ModuleLanguage, ModuleMessage } from '../../contract/index.js';
import { readablePeriod } from '../../readable-duration.js';
import { texts } from './texts.js';
import type { QueuedVoice, QueueView, VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

const MAX_SHOWN = 15;

/** A voice that waits, with its place in the line and the time until it is likely to be done. */
export interface PlacedVoice extends QueuedVoice {
  place: number;
  readyMs?: number;
}

/** When each that waits is likely to be done, by what those before it take; undefined from the first on of which nothing is known. Pure. */
export function placed({ active, waiting, hands }: QueueView): PlacedVoice[] {
  const before = active.map(({ expectedMs }) => expectedMs);
  return waiting.map((voice, index) => {
    before.push(voice.expectedMs);
    const isKnown = !voice.later && before.every((ms) => ms !== undefined);
    const sumMs = before.reduce((sum: number, ms) => sum + (ms ?? 0), 0);
    return { ...voice, place: index + 1, ...(isKnown && { readyMs: sumMs / Math.max(1, hands) }) };
  });
}

/** `.queue`: what is in work and what waits, this chat first. */
export async function queue({ message, language }: { message: ModuleMessage; language: ModuleLanguage }, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<string> {
  const { queue: all, units, length } = texts.of(language);
  const view = await ports.jobs.queue(ctx.accountId);
  if (view.active.length + view.waiting.length === 0) return all.empty;
  const isHere = ({ chat }: QueuedVoice): boolean => peerKey(chat) === peerKey(message.chat);
  const where = async (voice: QueuedVoice): Promise<string> => (isHere(voice) ? all.here : ports.chats.title(voice.chat, signal));
  const waiting = placed(view);
  const ownFirst = [...waiting.filter(isHere), ...waiting.filter((voice) => !isHere(voice))];
  const activeLines = await Promise.all(view.active.map(async (voice) => all.inWork(await where(voice), length(voice.durationMs))));
  const waitingLines = await Promise.all(
    ownFirst.slice(0, MAX_SHOWN).map(async (voice) => {
      const time = voice.readyMs === undefined ? undefined : readablePeriod(voice.readyMs + 999, units);
      const line = all.line(voice.place, await where(voice), length(voice.durationMs), time);
      return voice.later ? `${line} · ${all.later}` : line;
    }),
  );
  const lastMs = waiting.at(-1)?.readyMs;
  return [
    ...(activeLines.length === 0 ? [] : [all.active(activeLines.length), ...activeLines]),
    ...(waitingLines.length === 0 ? [] : [all.waiting(waiting.length), ...waitingLines]),
    ...(ownFirst.length > MAX_SHOWN ? [all.more(ownFirst.length - MAX_SHOWN)] : []),
    ...(lastMs === undefined ? [] : [all.total(readablePeriod(lastMs + 999, units))]),
  ].join('\n');
}
