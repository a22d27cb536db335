import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClipLibrary } from '../demo/clip-library.js';
import { joinAsVoice, type VoiceNote } from '../demo/voice-note.js';
import type { PlannedVoice } from './chaos-plan.js';

export interface Spoken {
  note: VoiceNote;
  /** What is said in it. */
  text: string;
}

/** So often a row of clips is said to need two messages. */
const LONG_TIMES = 16;
const LONG_SUFFIX = '-parts';

/** The voices of a run, each made once. */
export class ChaosClips {
  private readonly made = new Map<string, Spoken>();

  private constructor(
    private readonly library: ClipLibrary,
    private readonly folder: string,
  ) {}

  /** @param folder for files that live as long as one call. */
  static async open(folder: string): Promise<ChaosClips> {
    return new ChaosClips(await ClipLibrary.open(folder), folder);
  }

  get ids(): string[] {
    return this.library.list().flatMap(({ id, isLong }) => (isLong ? [] : [id]));
  }

  get longIds(): string[] {
    return this.library.list().flatMap(({ id, isLong }) => (isLong ? [`${id}${LONG_SUFFIX}`] : []));
  }

  /** Makes everything that the plan needs. */
  async prepare(plan: readonly Pick<PlannedVoice, 'clipId' | 'kind'>[], signal: AbortSignal): Promise<void> {
    for (const { clipId, kind } of plan) {
      const key = keyOf(clipId, kind);
      if (!this.made.has(key)) this.made.set(key, await this.make(clipId, kind, signal));
    }
  }

  get(clipId: string, kind: PlannedVoice['kind']): Spoken {
    const spoken = this.made.get(keyOf(clipId, kind));
    if (spoken === undefined) throw new RangeError(`The clip ${clipId} was not prepared`);
    return spoken;
  }

  private async make(clipId: string, kind: PlannedVoice['kind'], signal: AbortSignal): Promise<Spoken> {
    const id = clipId.replace(LONG_SUFFIX, '');
    const text = this.library.get(id)?.text ?? '';
    if (id === clipId) return { text, note: await (kind === 'voice' ? this.library.voice(id, signal) : this.library.videoNote(id, signal)) };
    const once = join(this.folder, `${randomUUID()}.ogg`);
    await writeFile(once, (await this.library.voice(id, signal)).bytes);
    try {
      const note = await joinAsVoice(Array.from({ length: LONG_TIMES }, () => once), this.folder, signal);
      return { note, text: Array.from({ length: LONG_TIMES }, () => text).join(' ') };
    } finally {
      await rm(once, { force: true });
    }
  }
}

function keyOf(clipId: string, kind: string): string {
  return `${clipId} ${kind}`;
}
