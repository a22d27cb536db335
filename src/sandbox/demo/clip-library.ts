import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { describeVoice, joinAsVoice, videoNoteOf, type VoiceNote } from './voice-note.js';
import type { PageClip } from './wire.js';

const CLIPS = fileURLToPath(new URL('../../../src/speech/bundled/clips/', import.meta.url));
const clipsJson = z.array(
  z.object({ file: z.string(), language: z.string(), text: z.string(), durationSec: z.number() }),
);

interface Prepared extends PageClip {
  files: string[];
}

/**
 * The voice notes that come with the repository, with what is said in them, and for each language a long one made of all
 * of its clips. What had to be made is kept.
 */
export class ClipLibrary {
  private readonly made = new Map<string, VoiceNote>();

  private constructor(
    private readonly clips: ReadonlyMap<string, Prepared>,
    private readonly folder: string,
  ) {}

  /** @param folder for files that live as long as one call. */
  static async open(folder: string): Promise<ClipLibrary> {
    const entries = clipsJson.parse(JSON.parse(await readFile(join(CLIPS, 'clips.json'), 'utf8')));
    const clips = entries.map(({ file, ...clip }): Prepared => ({ ...clip, id: file.replace(/\.ogg$/, ''), isLong: false, files: [file] }));
    const languages = [...new Set(clips.map(({ language }) => language))];
    const all = [...clips, ...languages.map((language) => inARow(language, clips.filter((clip) => clip.language === language)))];
    return new ClipLibrary(new Map(all.map((clip) => [clip.id, clip])), folder);
  }

  list(): PageClip[] {
    return [...this.clips.values()].map(({ files: _, ...clip }) => clip);
  }

  get(id: string): PageClip | undefined {
    return this.clips.get(id);
  }

  voice(id: string, signal: AbortSignal): Promise<VoiceNote> {
    return this.keep(id, async () => {
      const paths = (this.clips.get(id)?.files ?? []).map((file) => join(CLIPS, file));
      const [first] = paths;
      if (first === undefined) throw new RangeError(`There is no clip ${id}`);
      return paths.length === 1 ? describeVoice(await readFile(first), this.folder, signal) : joinAsVoice(paths, this.folder, signal);
    });
  }

  videoNote(id: string, signal: AbortSignal): Promise<VoiceNote> {
    return this.keep(`${id} as a video note`, async () => videoNoteOf(await this.voice(id, signal), this.folder, signal));
  }

  private async keep(name: string, make: () => Promise<VoiceNote>): Promise<VoiceNote> {
    const note = this.made.get(name) ?? (await make());
    this.made.set(name, note);
    return note;
  }
}

function inARow(language: string, clips: readonly Prepared[]): Prepared {
  return {
    id: `long-${language}`,
    language,
    text: clips.map(({ text }) => text).join(' '),
    durationSec: clips.reduce((sum, { durationSec }) => sum + durationSec, 0),
    isLong: true,
    files: clips.flatMap(({ files }) => files),
  };
}
