import { PermanentError } from '../../errors.js';
import type { Sandbox } from '../sandbox.js';
import type { ClipLibrary } from './clip-library.js';
import type { PageMessages } from './page-messages.js';
import type { Scene } from './scene.js';
import { recodeAsVoice, type VoiceNote } from './voice-note.js';
import type { Reference } from './wire.js';

export interface StageDeps {
  sandbox: Sandbox;
  scene: Scene;
  clips: ClipLibrary;
  messages: PageMessages;
  /** For files that live as long as one call. */
  folder: string;
}

/** Who speaks where. */
export interface Speaker {
  chatKey: string;
  personId: string;
}

const DATA_CENTRES = [2, 4] as const;

type SpokenKind = 'voice' | 'video-note';

/** What the viewer makes the people of the sandbox do. `RangeError` where there is no such person, chat or clip. */
export class Stage {
  constructor(private readonly deps: StageDeps) {}

  /** A prepared clip, as a voice message or in a round video. */
  async playClip(speaker: Speaker, { clipId, kind }: { clipId: string; kind: SpokenKind }, signal: AbortSignal): Promise<void> {
    const { clips } = this.deps;
    const clip = clips.get(clipId);
    if (clip === undefined) throw new RangeError(`There is no clip ${clipId}`);
    this.startTyping(speaker);
    const note = await (kind === 'voice' ? clips.voice(clipId, signal) : clips.videoNote(clipId, signal));
    this.post(speaker, kind, note, { language: clip.language, text: clip.text });
  }

  /**
   * A recording or an uploaded file, made a voice message. What ffmpeg can make nothing of is sent as it is, as a broken
   * client would do it: it is for the daemon to say what is wrong with it.
   */
  async speak(speaker: Speaker, recording: Buffer, signal: AbortSignal): Promise<void> {
    this.startTyping(speaker);
    const note = await recodeAsVoice(recording, this.deps.folder, signal).catch((error: unknown) => {
      if (!(error instanceof PermanentError)) throw error;
      return { bytes: recording, durationSec: 0, waveform: Buffer.alloc(0) };
    });
    this.post(speaker, 'voice', note);
  }

  /** What the owner types on another device. */
  write(chatKey: string, text: string, replyToKey?: number): void {
    const { sandbox, scene, messages } = this.deps;
    messages.typing(() => sandbox.send.text({ from: scene.owner, to: chatKey, text, ...(replyToKey === undefined ? {} : { replyTo: replyToKey }) }));
  }

  /** Cuts every connection to the sandbox's data centres and refuses new ones, or lets them in again. */
  async cutNetwork(isCut: boolean): Promise<void> {
    for (const dataCentre of DATA_CENTRES) {
      const faults = this.deps.sandbox.faults.connection(dataCentre);
      await faults.refuse(isCut);
      if (isCut) faults.dropAll();
    }
  }

  private startTyping({ chatKey, personId }: Speaker): void {
    const chat = this.deps.scene.chats.find(({ key }) => key === chatKey);
    if (!chat?.speakerIds.includes(personId)) throw new RangeError('This person does not speak in this chat');
    this.deps.sandbox.send.typing({ from: personId, to: chatKey });
  }

  private post({ chatKey, personId }: Speaker, kind: SpokenKind, { waveform, ...note }: VoiceNote, reference?: Reference): void {
    const bars = kind === 'voice' && waveform.length > 0 ? { waveform } : {};
    const { sandbox, messages } = this.deps;
    messages.saying(reference, () => sandbox.send.media(kind, { from: personId, to: chatKey, ...note, ...bars }));
  }
}
