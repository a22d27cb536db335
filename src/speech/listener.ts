import { pcmDurationMs } from '../media/pcm.js';
import type { Engine, EngineRequest, EngineResult } from './engine.js';
import type { LanguageChoice } from './language/language-choice.js';
import { languagePrior, type LanguageExpectation } from './language/language-prior.js';
import { onlyLanguage } from './language/speaker-languages.js';
import { WHISPER_LANGUAGES } from './languages.js';
import { meanLogProbability } from './mean-log-probability.js';
import { promptOf } from './vocabulary/prompt-of.js';
import { mayRepeatVocabulary, saySimilarThings } from './vocabulary/repeats-vocabulary.js';
import type { Vocabulary } from './vocabulary/vocabulary.js';

export interface ListenerOptions {
  /** The languages that may be spoken; none named is any. */
  language: LanguageChoice;
  /** What speaks for a language before anything is heard. */
  expectation?: LanguageExpectation | undefined;
  /** Names and jargon that may be spoken, the most specific last. */
  vocabulary?: Vocabulary | undefined;
}

type Sound = Pick<EngineRequest, 'pcm' | 'thorough'>;

/** From this much speech a language is certain enough to be kept for the rest of a recording, and to be learned. */
const SURE_MS = 3000;
const SURE_PROBABILITY = 0.8;
const SURE_SHARE = 0.9;
const SURE_LOG_PROBABILITY = -0.7;
/** Text of this kind is often heard in the wrong language: less sure than whisper.cpp itself lets pass, or than this speaker's usually is. */
const WRONG_LOG_PROBABILITY = -1;
const WRONG_BELOW_USUAL = 0.4;
/** whisper.cpp names no language that is less likely. */
const LEAST_PROBABILITY = 0.0005;
/** What an engine that was asked to detect answers where it does not tell which language it was. */
const NOT_TOLD = 'auto';
/** How much a text's own probability counts beside its language's, where a sound was heard in two. Measured with 1 s pieces of noisy clips. */
const TEXT_WEIGHT = 4;

/**
 * Hears the windows of one recording, each in the right language and with the vocabulary. What costs nothing to know is
 * not asked for: a fixed language, that of a speaker who is known for one, or one that an earlier window made certain, is given
 * to the engine and only doubted when the text looks wrong. Else the engine is asked in the likeliest language how likely
 * each one is, which costs as much as to let it detect, and a second time only where that guess was wrong.
 */
export class Listener {
  readonly #engine: Engine;
  readonly #choice: LanguageChoice;
  readonly #expectation: LanguageExpectation;
  readonly #vocabulary: Vocabulary;
  readonly #prompt: string | undefined;
  readonly #heardMs = new Map<string, number>();
  readonly #sureMs = new Map<string, number>();
  #kept: string | undefined;
  #asked = false;

  constructor(engine: Engine, { language, expectation = {}, vocabulary = [] }: ListenerOptions) {
    this.#engine = engine;
    this.#choice = language;
    this.#expectation = expectation;
    this.#vocabulary = vocabulary;
    this.#prompt = engine.abilities.prompt ? promptOf(vocabulary) : undefined;
    const known = expectation.speaker && onlyLanguage(expectation.speaker);
    const mayBeKnown = known !== undefined && (language.length === 0 || language.includes(known));
    this.#kept = language.length === 1 ? language[0] : mayBeKnown ? known : undefined;
  }

  /** The language that most of the recording was heard in, as far as `heard` was told; undefined where the engine tells none. */
  get language(): string | undefined {
    const [most] = [...this.#heardMs].sort(([, one], [, other]) => other - one);
    return most?.[0];
  }

  /** Speech of which that language is certain; undefined where it was not asked for. */
  get sureMs(): number | undefined {
    return this.#asked ? (this.#sureMs.get(this.language ?? '') ?? 0) : undefined;
  }

  /** To be told of each window that was believed. */
  heard(language: string, ms: number): void {
    if (language !== NOT_TOLD) add(this.#heardMs, language, ms);
  }

  /** Goes on in the language of the windows that an earlier run heard. */
  resume(): void {
    const { language } = this;
    if ((this.#heardMs.get(language ?? '') ?? 0) >= SURE_MS) this.#kept ??= language;
  }

  /** One window's text, in the language it is spoken in. Rejects as `Engine.transcribe` does. */
  async hear(sound: Sound, signal: AbortSignal): Promise<EngineResult> {
    if (this.#kept === undefined) return this.#findOut(sound, new Map(), signal);
    const result = await this.#ask(sound, this.#kept, signal);
    if (this.#choice.length === 1 || !this.#looksWrong(result)) return result;
    return this.#findOut(sound, new Map([[this.#kept, result]]), signal);
  }

  #looksWrong({ segments }: EngineResult): boolean {
    if (segments.length === 0) return true;
    const probability = meanLogProbability(segments);
    if (probability === undefined) return false;
    const usual = this.#expectation.speaker?.usualLogProbability;
    return probability < WRONG_LOG_PROBABILITY || (usual !== undefined && probability < usual - WRONG_BELOW_USUAL);
  }

  /** `heard`: what the window was heard in already, by language. */
  async #findOut(sound: Sound, heard: Map<string, EngineResult>, signal: AbortSignal): Promise<EngineResult> {
    this.#asked = true;
    const ms = pcmDurationMs(sound.pcm);
    if (!this.#engine.abilities.languageProbabilities) return this.#letDetect(sound, heard, signal);
    const guess = this.#likeliest((language) => (heard.has(language) ? 0 : 1), ms);
    const first = await this.#ask(sound, guess, signal, true);
    heard.set(guess, first);
    const { languageProbabilities: told } = first;
    if (told === undefined) return this.#letDetect(sound, heard, signal);

    const likelihood = (language: string): number => Math.max(told[language] ?? 0, LEAST_PROBABILITY);
    const top = this.#likeliest(likelihood, ms);
    if (!heard.has(top)) heard.set(top, await this.#ask(sound, top, signal));
    const inAll = this.#candidates().reduce((sum, language) => sum + this.#prior(language, ms) * likelihood(language), 0);
    const score = (language: string, { segments }: EngineResult): number =>
      Math.log((this.#prior(language, ms) * likelihood(language)) / inAll) + TEXT_WEIGHT * (meanLogProbability(segments) ?? -1);
    const [language, result] = [...heard].reduce((one, other) => (score(...other) > score(...one) ? other : one));
    const share = (this.#prior(language, ms) * likelihood(language)) / inAll;
    const isSure =
      ms >= SURE_MS &&
      share >= SURE_SHARE &&
      likelihood(language) >= SURE_PROBABILITY &&
      (meanLogProbability(result.segments) ?? -Infinity) >= SURE_LOG_PROBABILITY;
    if (isSure) add(this.#sureMs, language, ms);
    if (isSure || language !== this.#kept) this.#kept = isSure ? language : undefined;
    return result;
  }

  /** For engines that detect a language and do not say how likely others are. */
  async #letDetect(sound: Sound, heard: Map<string, EngineResult>, signal: AbortSignal): Promise<EngineResult> {
    const ms = pcmDurationMs(sound.pcm);
    const mayDetect = this.#engine.abilities.languageDetection || this.#choice.length === 0;
    const detected = mayDetect ? await this.#ask(sound, 'auto', signal) : undefined;
    const [standing] = [...heard.values()];
    if (detected !== undefined && this.#prior(detected.language, ms) > 0) {
      if (standing !== undefined && sureness(standing) > sureness(detected)) return standing;
      if (ms >= SURE_MS && detected.segments.length > 0 && detected.language !== NOT_TOLD) this.#kept = detected.language;
      return detected;
    }
    return standing ?? (await this.#ask(sound, this.#likeliest(() => 1, ms), signal));
  }

  #candidates(): readonly string[] {
    return this.#choice.length > 0 ? this.#choice : Object.keys(WHISPER_LANGUAGES);
  }

  /** The language for which the most speaks; `weight` comes on top of what is expected. */
  #likeliest(weight: (language: string) => number, ms: number): string {
    const candidates = this.#candidates();
    const of = (language: string): number => this.#prior(language, ms) * weight(language);
    return candidates.reduce((best, language) => (of(language) > of(best) ? language : best), candidates[0] ?? 'en');
  }

  #prior(language: string, ms: number): number {
    return languagePrior(language, { choice: this.#choice, expectation: this.#expectation, ms });
  }

  async #ask(sound: Sound, language: string, signal: AbortSignal, languageProbabilities = false): Promise<EngineResult> {
    const request = { ...sound, language, ...(languageProbabilities && { languageProbabilities }) };
    if (this.#prompt === undefined) return this.#engine.transcribe(request, signal);
    const prompted = await this.#engine.transcribe({ ...request, prompt: this.#prompt }, signal);
    if (!mayRepeatVocabulary(prompted.segments, this.#vocabulary)) return prompted;
    const plain = await this.#engine.transcribe({ ...sound, language: prompted.language }, signal);
    return saySimilarThings(prompted.segments, plain.segments) ? prompted : { ...prompted, segments: plain.segments };
  }
}

/** How sure an engine is of what it heard; of nothing it is least sure. */
function sureness({ segments }: EngineResult): number {
  return segments.length === 0 ? -Infinity : (meanLogProbability(segments) ?? WRONG_LOG_PROBABILITY);
}

function add(amounts: Map<string, number>, language: string, ms: number): void {
  amounts.set(language, (amounts.get(language) ?? 0) + ms);
}
