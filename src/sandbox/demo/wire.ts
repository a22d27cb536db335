/** What the server tells the page. Plain data; the page shows it and decides nothing. */
import type { MediaKind, SandboxEntity } from '../world/model.js';

export interface PagePerson {
  id: string;
  name: string;
}

export interface PageChat {
  key: string;
  kind: 'tracked' | 'untracked' | 'group' | 'saved';
  title: string;
  /** Who else is there and can be made to speak. */
  speakerIds: string[];
}

export interface PageMedia {
  kind: MediaKind;
  /** Where its bytes are. */
  url: string;
  mimeType: string;
  sizeBytes: number;
  durationSec: number;
  fileName?: string;
  /** Heights of the waveform's bars, 0..31. */
  bars?: number[];
}

/** What is known to be said in a prepared clip. */
export interface Reference {
  language: string;
  text: string;
}

export interface PageMessage {
  key: number;
  chatKey: string;
  fromUserId: string;
  /** Written by the owner. */
  own: boolean;
  /** By the viewer, on the page: whatever became of it, it was no answer to a voice at first. */
  typed?: true;
  text: string;
  entities: SandboxEntity[];
  dateMs: number;
  editedMs?: number;
  media?: PageMedia;
  replyToKey?: number;
  reference?: Reference;
}

export interface PageClip extends Reference {
  id: string;
  durationSec: number;
  /** Several clips in a row, so that the answer comes as a collapsed quote. */
  isLong: boolean;
}

/** One voice from its arrival to its answer, ms, as the daemon logged it. */
export interface VoiceTiming {
  audioMs: number;
  transcribeMs: number;
  sinceArrivalMs: number;
}

export interface PageState {
  daemon: 'starting' | 'connecting' | 'connected' | 'waiting' | 'stopped';
  model: string;
  /** The small model of the repository, which knows about 110 words. */
  isBundledModel: boolean;
  /** The viewer has cut the daemon off from the sandbox. */
  isNetworkCut: boolean;
  lastVoice?: VoiceTiming;
}

export interface LogLine {
  id: number;
  timeMs: number;
  level: string;
  message: string;
  /** Name and value, in the order of the log. */
  fields: [string, string][];
}

/** The first event of every stream is `scene`, which replaces all that the page knows. */
export type PageEvent =
  | {
      type: 'scene';
      ownerId: string;
      people: PagePerson[];
      chats: PageChat[];
      messages: PageMessage[];
      clips: PageClip[];
      log: LogLine[];
      state: PageState;
    }
  | { type: 'message' | 'edit'; message: PageMessage }
  | { type: 'delete'; keys: number[] }
  | { type: 'typing'; chatKey: string; personId: string }
  | { type: 'log'; line: LogLine }
  | { type: 'state'; state: PageState };
