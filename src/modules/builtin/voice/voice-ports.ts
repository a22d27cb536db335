import type { FailureReason } from '../../../errors.js';
import type { LanguageChoice } from '../../../speech/language/language-choice.js';
import type { ModelAnswer } from '../../../speech/model-answer.js';
import type { Vocabulary } from '../../../speech/vocabulary/vocabulary.js';
import type { OptOut } from '../../../store/opt-outs.js';
import type { Tracked } from '../../../store/tracked-list.js';
import type { ChoiceInForce } from '../../../voice/choice-in-force.js';
import type { Delivery } from '../../../voice/delivery.js';
import type { SpeechScope } from '../../../voice/speech-scope.js';
import type { VoiceChoices } from '../../../voice/voice-choices.js';
import type { VoiceRecord } from '../../../voice/voice-record.js';
import type { ModuleLanguage, ModuleMessage, PeerId } from '../../contract/index.js';

/** People, or chats, on a list. */
export interface TrackedPort {
  /** False where it was tracked already. */
  add(account: string, entry: Tracked): Promise<boolean>;
  /** False where it was not tracked. */
  remove(account: string, id: string): Promise<boolean>;
  has(account: string, id: string): Promise<boolean>;
  list(account: string): Promise<Tracked[]>;
}

export interface OptOutsPort {
  /** False where they had said so before. */
  add(account: string, person: OptOut): Promise<boolean>;
  /** False where they had not. */
  remove(account: string, personId: string): Promise<boolean>;
  has(account: string, personId: string): Promise<boolean>;
  list(account: string): Promise<OptOut[]>;
  /** What they are called; nothing where they are not on the list (any more). */
  rename(account: string, personId: string, name: string): Promise<void>;
  /** True once, then not before `afterMs` are over; of all people together only so often a minute. */
  mayAnswer(account: string, personId: string, what: string, afterMs: number): Promise<boolean>;
}

/** A chat with what people call it. */
export interface NamedChatId {
  peer: PeerId;
  title: string;
  /** A broadcast channel: nobody is answered there. */
  broadcast: boolean;
}

export interface ChatsPort {
  named(username: string, signal: AbortSignal): Promise<NamedChatId | undefined>;
  /** A group or supergroup by its id; undefined where this account has not met it. */
  met(chat: PeerId, signal: AbortSignal): Promise<NamedChatId | undefined>;
  /** What the chat or person is called; its id where that is not known. */
  title(chat: PeerId, signal: AbortSignal): Promise<string>;
}

/** Something that is chosen for a person, a chat or the account. */
export interface ScopedChoice<T> {
  /** `scopes`: all that counts, the most specific first. */
  inForce(account: string, scopes: readonly SpeechScope[]): Promise<ChoiceInForce<T>>;
  choose(account: string, scope: SpeechScope, choice: T): Promise<void>;
  /** False where nothing had been chosen. */
  reset(account: string, scope: SpeechScope): Promise<boolean>;
}

export interface LanguagesPort extends ScopedChoice<LanguageChoice> {
  /** The one language that this person was heard in, where there is one. */
  learned(account: string, personId: string): Promise<string | undefined>;
}

export interface VocabularyPort {
  /** Those of the configuration. */
  setting: Vocabulary;
  read(account: string, scope: SpeechScope): Promise<Vocabulary>;
  write(account: string, scope: SpeechScope, vocabulary: Vocabulary): Promise<void>;
}

export interface ModelsPort {
  current(): string;
  /** True where the engine cannot hear some voices by another one. */
  onlyOne?: boolean;
  /** Names of the models that are on this machine. */
  present(): Promise<string[]>;
  /** Switches without losing a job; the one in use stays where the other cannot be used. */
  use(name: string, signal: AbortSignal): Promise<ModelAnswer>;
}

/** The voices as jobs. */
export interface JobsPort {
  /** A voice is to be written down whatever the policy says; what stands for it already is kept. */
  demand(voice: Pick<ModuleMessage, 'accountId' | 'chat' | 'messageId'>, delivery: Delivery, signal: AbortSignal): Promise<'queued' | 'under-way' | 'no-voice'>;
  retry(account: string, chat: PeerId, messageId: number): Promise<'again' | 'under-way' | 'unknown'>;
  /** Nothing can be done about a failed one any more. */
  forget(account: string, chat: PeerId, messageId: number): Promise<void>;
  /** What is known of a voice; undefined where nothing is. */
  record(account: string, chat: PeerId, messageId: number): Promise<VoiceRecord | undefined>;
  queue(account: string): Promise<QueueView>;
}

export interface QueuedVoice {
  chat: PeerId;
  durationMs: number;
  /** How long it is likely to take; undefined while nothing is known of this machine. */
  expectedMs?: number;
  /** It failed or was told to wait, and comes again later. */
  later: boolean;
}

export interface QueueView {
  active: readonly QueuedVoice[];
  /** In the order in which they have their turns, as it is known now. */
  waiting: readonly QueuedVoice[];
  /** How many are in work at once. */
  hands: number;
}

export interface PolicyPort {
  /** The rules by their names, in their order. */
  rules: readonly { name: string; take: boolean }[];
  decide(message: ModuleMessage): Promise<{ take: boolean; because: string }>;
}

export interface BacklogPort {
  summary(): Promise<{ ask: { voices: number; chats: number }; tooOld: { voices: number; chats: number }; dropped: number }>;
  answer(): Promise<number>;
  skip(): Promise<number>;
}

/** What the module works with beside its context. */
export interface VoicePorts {
  choices: { defaults: VoiceChoices; follow(read: () => VoiceChoices): void };
  people: TrackedPort;
  trackedChats: TrackedPort;
  optOuts: OptOutsPort;
  chats: ChatsPort;
  deliveries: ScopedChoice<Delivery>;
  languages: LanguagesPort;
  vocabularies: VocabularyPort;
  models: ModelsPort;
  /** The models of chats and people; the setting is the one in use for all. */
  modelChoices: ScopedChoice<string>;
  jobs: JobsPort;
  policy: PolicyPort;
  backlog: BacklogPort;
  /** What a person in the chat reads when a voice failed. */
  failureText(reason: FailureReason, language: ModuleLanguage): string;
}
