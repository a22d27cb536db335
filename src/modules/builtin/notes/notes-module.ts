import { CommandRefusal, defineModule, type Module, type ModuleMessage } from '../../contract/index.js';
import { richText, type RichPiece } from '../../commands/rich-text.js';
import { beginningOf, deleteNote, findNote, keepNote, NAME_CHARACTERS, noSuchNote, noteName, noteNames, noteOf, type Note } from './note-list.js';
import { texts } from './texts.js';

/** `.note`, `.notes`, and `#name` as a message of the owner's becomes the note. */
export function notesModule(): Module {
  return defineModule({
    name: 'notes',
    version: '1.0.0',
    about: texts.both((all) => all.module),
    uses: ['store', 'send'],
    commands: (command) => [
      command({
        name: 'note',
        aliases: ['заметка'],
        about: texts.both((all) => all.note.about),
        access: 'owner',
        args: {
          name: { kind: 'word', optional: true, label: texts.both((all) => all.labels.name) },
          text: { kind: 'string', rest: true, optional: true, label: texts.both((all) => all.labels.text) },
        },
        flags: { delete: { kind: 'boolean', short: 'd', about: texts.both((all) => all.note.deleteFlag) } },
        run: async (call, { store }, signal) => {
          const own = texts.of(call.language);
          // What no word may look like, as one that never ends, is read as the text.
          const typed = call.args.name ?? call.args.text;
          if (typed === undefined) throw new CommandRefusal(own.note.sayWhich);
          const name = noteName(typed, own);
          if (call.flags.delete) {
            await deleteNote(store, name, own);
            return own.note.deleted(name);
          }
          const note = call.args.text === undefined ? repliedNote(await call.repliedTo(signal)) : noteOf(call.message, call.args.text);
          if (note === undefined) {
            const found = await findNote(store, name);
            if (found === undefined) throw await noSuchNote(store, name, own);
            return found;
          }
          const before = await keepNote(store, name, note, own);
          return before === undefined ? own.note.saved(name) : own.note.replaced(name, beginningOf(before.text));
        },
      }),
      command({
        name: 'notes',
        aliases: ['заметки'],
        about: texts.both((all) => all.notes.about),
        access: 'owner',
        run: async ({ language }, { store, prefix }) => {
          const own = texts.of(language).notes;
          const names = await noteNames(store);
          if (names.length === 0) return own.none(own.example(prefix));
          const lines = await Promise.all(
            names.map(async (name): Promise<RichPiece[]> => ['\n', ['code', `#${name}`], ` ${beginningOf((await findNote(store, name))?.text ?? '')}`]),
          );
          return richText(['bold', own.title(names.length)], ...lines.flat());
        },
      }),
    ],
    watchers: (watcher) => [
      watcher({
        name: 'hashtag',
        filter: { direction: 'outgoing', media: 'none', forwards: 'without', text: { startsWith: '#', matches: `^#${NAME_CHARACTERS}\\s*$` } },
        run: async (message, { store, send }, signal) => {
          if (message.viaBot) return;
          const note = await findNote(store, message.text.trim().slice(1).toLowerCase());
          if (note !== undefined) await send.edit(message.chat, message.messageId, note, signal);
        },
      }),
    ],
  });
}

function repliedNote(replied: ModuleMessage | undefined): Note | undefined {
  return replied === undefined || replied.text === '' ? undefined : noteOf(replied, replied.text);
}
