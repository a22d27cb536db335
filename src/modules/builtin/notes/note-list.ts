import { z } from 'zod';
import { CommandRefusal, type ModuleMessage, type ModuleStore } from '../../contract/index.js';
import { oneLine } from '../../one-line.js';
import { nearestOf } from '../../command-line/nearest.js';
import type { NotesTexts } from './texts.js';

/** Of what a name of a note is made. */
export const NAME_CHARACTERS = '[\\p{L}\\p{N}_-]{1,32}';

const KEY = 'note:';
const MAX_NOTES = 500;
const BEGINNING = 60;

/** The name as it is kept, with or without the # before it. */
export function noteName(typed: string, texts: NotesTexts): string {
  const name = typed.replace(/^#/, '').toLowerCase();
  if (!new RegExp(`^${NAME_CHARACTERS}$`, 'u').test(name)) throw new CommandRefusal(texts.note.badName(beginningOf(typed)));
  return name;
}

/** A text with its styles. */
export type Note = z.infer<typeof noteSchema>;

const noteSchema = z.object({
  text: z.string(),
  entities: z.array(z.object({ type: z.enum(['bold', 'italic', 'code', 'pre', 'quote', 'collapsed-quote', 'spoiler']), offset: z.int(), length: z.int() })),
});

/** What stands at the end of a message as a note, with its styles there. */
export function noteOf({ text: whole, entities = [] }: Pick<ModuleMessage, 'text' | 'entities'>, text: string): Note {
  const start = whole.lastIndexOf(text);
  if (start === -1) return { text, entities: [] };
  const cut = entities.map(({ type, offset, length }) => {
    const from = Math.max(0, offset - start);
    return { type, offset: from, length: Math.min(text.length, offset + length - start) - from };
  });
  return { text, entities: cut.filter(({ length }) => length > 0) };
}

/** Undefined where there is none of this name. */
export async function findNote(store: ModuleStore, name: string): Promise<Note | undefined> {
  return noteSchema.safeParse(await store.get(KEY + name)).data;
}

/** The note that it replaces, where there was one. */
export async function keepNote(store: ModuleStore, name: string, note: Note, texts: NotesTexts): Promise<Note | undefined> {
  const before = await findNote(store, name);
  if (before === undefined && (await store.keys(KEY)).length >= MAX_NOTES) throw new CommandRefusal(texts.note.tooMany(MAX_NOTES));
  await store.set(KEY + name, note);
  return before;
}

export async function deleteNote(store: ModuleStore, name: string, texts: NotesTexts): Promise<void> {
  if (!(await store.delete(KEY + name))) throw await noSuchNote(store, name, texts);
}

export async function noSuchNote(store: ModuleStore, name: string, texts: NotesTexts): Promise<CommandRefusal> {
  return new CommandRefusal(texts.note.unknown(name, nearestOf(name, await noteNames(store))));
}

export async function noteNames(store: ModuleStore): Promise<string[]> {
  return (await store.keys(KEY)).map((key) => key.slice(KEY.length));
}

/** The first words of a text, in one line. */
export function beginningOf(text: string): string {
  return oneLine(text, BEGINNING);
}
