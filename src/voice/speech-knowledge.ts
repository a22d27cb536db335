import type { LanguageChoice } from '../speech/language/language-choice.js';
import { onlyLanguage, type HeardLanguage, type SpeakerLanguages } from '../speech/language/speaker-languages.js';
import type { ListenerOptions } from '../speech/listener.js';
import { meanLogProbability } from '../speech/mean-log-probability.js';
import type { Recognition } from '../speech/transcript.js';
import { withoutDoubles, type Vocabulary } from '../speech/vocabulary/vocabulary.js';
import { choiceInForce, type ChoiceInForce } from './choice-in-force.js';
import { scopesOf, type SpeechScope } from './speech-scope.js';
import type { VoiceJob } from './voice-job.js';

export interface SpeechKnowledgeDependencies {
  /** What the owner chose. */
  choices: {
    languages(account: string, scopes: readonly SpeechScope[]): Promise<Partial<Record<SpeechScope['of'], LanguageChoice>>>;
    vocabulary(account: string, scope: SpeechScope): Promise<Vocabulary>;
    models(account: string, scopes: readonly SpeechScope[]): Promise<Partial<Record<SpeechScope['of'], string>>>;
  };
  /** What was learned. */
  speakers: {
    read(account: string, personId: string | undefined): Promise<{ speaker: SpeakerLanguages; everybody: SpeakerLanguages }>;
    learn(account: string, personId: string | undefined, heard: HeardLanguage): Promise<void>;
  };
  /** What the configuration says. */
  setting: { language: LanguageChoice; vocabulary: Vocabulary };
  /** That of the program's texts. */
  ownerLanguage: string;
}

export type LanguageInForce = ChoiceInForce<LanguageChoice>;

type Speaker = Pick<VoiceJob, 'accountId' | 'chat' | 'senderId'>;

/** What is known of a voice before it is heard: its languages and names, by the owner's word and by what was learned. */
export class SpeechKnowledge {
  readonly #deps: SpeechKnowledgeDependencies;

  constructor(deps: SpeechKnowledgeDependencies) {
    this.#deps = deps;
  }

  /** The languages that may be spoken where these scopes apply, and who said so. */
  async inForce(accountId: string, scopes: readonly SpeechScope[]): Promise<LanguageInForce> {
    return choiceInForce(await this.#deps.choices.languages(accountId, scopes), this.#deps.setting.language);
  }

  /** The one language that the person was always heard in; undefined where there is none. */
  async learned(accountId: string, personId: string): Promise<string | undefined> {
    const { speaker } = await this.#deps.speakers.read(accountId, personId);
    return onlyLanguage({ ...speaker, unasked: 0 });
  }

  /** The model that the owner wants this voice heard by; undefined where that is the one for all. Nothing says that it is on this machine. */
  async modelFor({ accountId, chat, senderId }: Speaker): Promise<string | undefined> {
    const chosen = await this.#deps.choices.models(accountId, scopesOf({ chat, senderId }));
    return choiceInForce<string | undefined>(chosen, undefined).choice;
  }

  async listeningTo({ accountId, chat, senderId }: Speaker): Promise<ListenerOptions> {
    const { choices, speakers, setting, ownerLanguage } = this.#deps;
    const scopes = scopesOf({ chat, senderId });
    const { choice } = await this.inForce(accountId, scopes);
    const { speaker, everybody } = await speakers.read(accountId, senderId);
    // The most specific last: where there are too many, the engine hears of these.
    const chosen = await Promise.all([...scopes].reverse().map((scope) => choices.vocabulary(accountId, scope)));
    return {
      language: choice,
      expectation: { ownerLanguage, account: everybody.times, speaker },
      vocabulary: withoutDoubles([...setting.vocabulary, ...chosen.flat()]),
    };
  }

  /** Takes in what a recording says of who spoke. */
  async learn({ accountId, senderId }: Speaker, { segments, language, languageSureMs }: Recognition): Promise<void> {
    if (language === undefined) return;
    const logProbability = meanLogProbability(segments);
    await this.#deps.speakers.learn(accountId, senderId, {
      language,
      sureMs: languageSureMs ?? 0,
      asked: languageSureMs !== undefined,
      ...(logProbability !== undefined && { logProbability }),
    });
  }
}
