import type { Recognition } from '../../../speech/transcript.js';
import type { Delivery } from '../../../voice/delivery.js';
import type { KeptTranscript } from '../../../voice/voice-dependencies.js';
import type { VoiceRecord } from '../../../voice/voice-record.js';
import { scopesOf } from '../../../voice/speech-scope.js';
import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { texts, type VoiceTexts } from './texts.js';
import { voiceMeant } from './voice-meant.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

interface WhyRequest {
  message: ModuleMessage;
  replied: ModuleMessage | undefined;
  language: ModuleLanguage;
}

/** `.why`: by which rule a voice was taken or left alone, what became of it, and what it cost. */
export async function why({ message, replied, language }: WhyRequest, ctx: VoiceContext, ports: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(language);
  const messageId = voiceMeant(message, replied, all.why.sayWhich);
  const record = await ports.jobs.record(ctx.accountId, message.chat, messageId);
  if (record !== undefined) return (await explained(record, { ctx, ports, all, language, chat: message.chat })).join('\n');
  const voice = replied?.messageId === messageId ? replied : await ctx.history.message(message.chat, messageId, signal);
  if (voice === undefined) throw new CommandRefusal(all.retry.deleted);
  const { take, because } = await ports.policy.decide(voice);
  const reason = all.policy.rules[because] ?? because;
  return take ? all.why.wouldBeTaken(reason) : all.why.left(reason);
}

interface Telling {
  ctx: VoiceContext;
  ports: VoicePorts;
  all: VoiceTexts;
  language: ModuleLanguage;
  chat: ModuleMessage['chat'];
}

async function explained({ job, state, outcome, replied, transcript, letter }: VoiceRecord, telling: Telling): Promise<string[]> {
  const { all, ports, language } = telling;
  const known = job ?? letter?.job;
  const rule = known?.because;
  return [
    rule === undefined ? all.why.takenUnknown : all.why.taken(all.policy.rules[rule] ?? rule),
    ...(state === 'done' ? [] : [all.why.states[state]]),
    ...(letter === undefined ? [] : [all.why.failed(ports.failureText(letter.reason, language), letter.tries)]),
    ...(outcome === 'dropped' ? [all.why.dropped] : outcome === 'no-speech' ? [all.why.noSpeech] : []),
    ...(outcome === 'text' && known !== undefined ? [deliveryLine(known.delivery, replied, all)] : []),
    ...(transcript === undefined ? [] : await costs(transcript, known?.senderId, telling)),
  ];
}

function deliveryLine(delivery: Delivery = 'reply', replied: boolean, all: VoiceTexts): string {
  const line = all.why.delivery(all.mode.names[delivery === 'caption' && replied ? 'reply' : delivery]);
  return delivery === 'caption' && replied ? `${line} (${all.why.noCaption})` : line;
}

/** What the text cost, line by line; what is not known is left out. */
async function costs({ recognition, stageMs }: KeptTranscript, senderId: string | undefined, telling: Telling): Promise<string[]> {
  const { why: all } = telling.all;
  const { audioMs, speechMs, engineMs, engine, model, windows = [] } = recognition;
  const stages = Object.entries(stageMs).map(([name, ms]) => all.stage(all.stages[name] ?? name, all.seconds(ms)));
  const again = windows.filter(({ attempts }) => attempts.length > 1).length;
  const confidence = confidenceOf(recognition);
  return [
    all.sound(all.seconds(audioMs), all.seconds(speechMs)),
    all.engine(engine, model, all.seconds(engineMs)),
    ...(stages.length === 0 ? [] : [all.times(stages.join(' · '))]),
    ...(windows.length === 0 ? [] : [all.windows(windows.length, again)]),
    ...(await languageLine(recognition, senderId, telling)),
    ...(confidence === undefined ? [] : [all.confidence(Math.round(100 * confidence))]),
  ];
}

async function languageLine({ language, languageSureMs }: Recognition, senderId: string | undefined, { ctx, ports, all, chat }: Telling): Promise<string[]> {
  if (language === undefined) return [];
  const { choice, because } = await ports.languages.inForce(ctx.accountId, scopesOf({ chat, senderId }));
  const given = choice.length === 1 && choice[0] === language;
  const how = languageSureMs !== undefined ? all.why.heard : given ? all.lang.because[because] : all.why.known;
  return [all.why.language(all.lang.name(language), how)];
}

/** The mean probability of what was heard, by time; undefined where the engine does not tell. */
function confidenceOf({ segments }: Recognition): number | undefined {
  const told = segments.filter((one) => one.avgLogProbability !== undefined);
  const spokenMs = told.reduce((sum, one) => sum + (one.endMs - one.startMs), 0);
  if (spokenMs === 0) return undefined;
  return told.reduce((sum, one) => sum + Math.exp(one.avgLogProbability ?? 0) * (one.endMs - one.startMs), 0) / spokenMs;
}
