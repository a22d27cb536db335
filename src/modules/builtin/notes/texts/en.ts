export const en = {
  module: { title: 'Notes', summary: 'texts that you write once and put into a chat by #name' },
  labels: { name: 'name', text: 'text' },
  note: {
    about: {
      summary: 'keep a text under a name, show it, delete it',
      details: '#name as a message of its own becomes the text, in any chat, also in reply. Bold, italics, code, quotes and spoilers are kept, links under words are not. An older note of that name is replaced.',
      examples: [
        { type: 'note address 5 Main Street', does: 'keeps it; without a text, in reply: keeps that message' },
        { type: 'note address', does: 'shows it' },
        { type: 'note --delete address', does: 'deletes it' },
      ],
    },
    deleteFlag: 'delete the note',
    saved: (name: string) => `✅ Kept: #${name}`,
    replaced: (name: string, before: string) => `✅ Replaced: #${name}. Before: ${before}`,
    deleted: (name: string) => `✅ Deleted: #${name}`,
    unknown: (name: string, nearest: string | undefined) => `There is no note #${name}.${nearest === undefined ? '' : ` Did you mean #${nearest}?`}`,
    badName: (name: string) => `“${name}” cannot be a name: letters, digits, - and _, 32 characters at most.`,
    sayWhich: 'Which note? Give its name.',
    tooMany: (limit: number) => `${limit} notes at most; delete one first.`,
  },
  notes: {
    about: { summary: 'all notes', examples: [{ type: 'notes', does: 'their names and how they begin' }] },
    title: (count: number) => `🗒 Notes: ${count}`,
    none: (example: string) => `🗒 No notes yet. For example: ${example}`,
    example: (prefix: string) => `${prefix}note address 5 Main Street`,
  },
};
