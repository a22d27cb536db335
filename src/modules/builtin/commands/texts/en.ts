export const en = {
  module: { title: 'Commands', summary: 'help, and what to do about commands that run' },
  name: 'command | module',
  help: {
    about: {
      summary: 'what I can do, or all about one command or module',
      details: 'The same help comes by -h after any command. Commands work in any chat, in either keyboard layout; a doubled prefix makes it plain text.',
      examples: [
        { type: 'help', does: 'all commands' },
        { type: 'help track', does: 'one command' },
        { type: 'help voice', does: 'one module' },
      ],
    },
    moduleFlag: 'the module, where a command has the same name',
    title: '🎙 Gramscribe',
    more: (help: string) => `More: ${help} and a name`,
    off: (modules: string) => `Off: ${modules}`,
    sameName: (typed: string) => `The module of this name: ${typed}`,
    alias: (typed: string, meaning: string) => `${typed} stands for ${meaning}`,
    unknown: (given: string, nearest: string | undefined) =>
      `There is neither a command nor a module named ${given}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
    noCommands: 'It has no commands.',
    states: { on: '', off: '💤 Switched off', failed: '⚠️ Did not start', stopped: '⚠️ Switched off after too many errors' },
  },
  cancel: {
    about: {
      summary: 'stop what runs in this chat, or in reply the command that you reply to',
      examples: [
        { type: 'cancel', does: 'everything that runs in this chat; in reply that command alone' },
        { type: 'cancel --all', does: 'everything, in all chats' },
      ],
    },
    allFlag: 'in all chats',
    done: (commands: string) => `✋ Cancelled: ${commands}`,
    nothing: '👌 Nothing is running here.',
    nothingAnywhere: '👌 Nothing is running.',
    notThat: 'That message is not a command that is running.',
  },
  yes: {
    about: {
      summary: 'yes to what a command has just asked you in this chat',
      examples: [{ type: 'yes', does: 'yes to the newest question, or to the one that you reply to' }],
    },
  },
  no: {
    about: {
      summary: 'no to what a command has just asked you in this chat',
      examples: [{ type: 'no', does: 'no to the newest question, or to the one that you reply to' }],
    },
  },
  nothingAsked: 'Nothing is asked here; a question waits for two minutes.',
  nothingAskedThere: 'That message asks nothing, or no more; a question waits for two minutes.',
  howToAnswer: (yes: string, no: string) => `${yes} or ${no}, within two minutes`,
};
