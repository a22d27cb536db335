import { languageName } from '../language-name.js';

/** Who chose a language, as `languageInForce` tells it. */
const because = {
  person: 'chosen for this person',
  chat: 'chosen for this chat',
  account: 'chosen for the whole account',
  setting: 'by the setting GRAMSCRIBE_SPEECH_LANGUAGE',
};

export const commands = {
  failed: '⚠️ That did not work; the log says why.',
  unknownCommand: (given: string, nearest: string) => `There is no ${given}. Did you mean ${nearest}?`,
  help: { about: 'what I can do', title: '🎙 Gramscribe: commands' },
  ping: { about: 'round trip to Telegram', answer: (ms: number) => `🏓 ${ms} ms` },
  person: {
    sayWho: 'Whom? Reply to their message, or give an @name or an id.',
    tooMany: 'One person at a time: an @name or an id.',
    notFound: (given: string) => `I do not know ${given}. An id works only for someone this account has met.`,
    replyWithoutPerson: 'The message you replied to is gone, or was not written by a person.',
  },
  track: {
    about: 'write down this person’s voice messages (reply, @name, id, or in a private chat)',
    added: (name: string) => `✅ Now tracking: ${name}`,
    already: (name: string) => `👌 Already tracked: ${name}`,
  },
  untrack: {
    about: 'stop writing them down',
    removed: (name: string) => `✅ No longer tracked: ${name}`,
    notTracked: (name: string) => `👌 Was not tracked: ${name}`,
  },
  tracked: {
    about: 'whose voice messages are written down',
    nobody: '👥 Nobody is tracked yet. In a private chat: .track',
    title: (count: number) => `👥 Tracked: ${count}`,
  },
  model: {
    about: 'the speech model: show or switch',
    current: (name: string) => `🧠 Model: ${name}`,
    present: (names: string) => `On this machine: ${names}`,
    unknown: (name: string, nearest: string | undefined, names: string) =>
      `There is no model named ${name}. ${nearest === undefined ? `On this machine: ${names}` : `Did you mean .model ${nearest}?`}`,
    absent: (name: string, names: string) =>
      `The model ${name} is not on this machine. Get it on the server: npm run model -- pull ${name}\nOn this machine: ${names}`,
    failed: (name: string, kept: string, why: string) => `${name} cannot be used: ${why}. ${kept} stays in use; nothing is lost.`,
    failures: {
      text: 'it does not understand a clip whose words are known',
      slow: 'it was not done with a clip of a few seconds in time',
      died: 'the engine died of it',
      memory: 'this machine has too little memory for it',
      damaged: 'its file is damaged. Get it again on the server with npm run model -- pull',
      other: 'the log says why',
    },
    switched: (name: string) => `✅ Model from now on: ${name}`,
  },
  lang: {
    about: 'what is spoken here, or by someone (in reply, or with @name): ru, or ru,en, or auto; in Saved Messages for the whole account',
    name: (code: string) => languageName(code, 'en'),
    any: 'any language',
    or: ' or ',
    words: { auto: 'auto', reset: 'reset' },
    here: (languages: string, why: keyof typeof because) => `🗣 Spoken in this chat: ${languages} (${because[why]})`,
    everywhere: (languages: string, why: keyof typeof because) => `🗣 Spoken: ${languages} (${because[why]})`,
    person: (name: string, languages: string, why: keyof typeof because) => `🗣 ${name} speaks: ${languages} (${because[why]})`,
    learned: (name: string, language: string) => `👂 What I heard of ${name} was ${language}.`,
    set: '✅ From now on.',
    reset: '✅ What was chosen is taken back.',
    nothingToReset: '👌 Nothing had been chosen.',
    unknown: (given: string) => `I do not know the language ${given}. Give a code such as ru or en, several (ru,en), auto, or reset.`,
  },
  vocab: {
    about: 'names and jargon that are spoken in this chat, in Saved Messages those of the whole account: show, add, take out',
    none: '📖 No names or jargon yet. Add some: .vocab + Ann-Kathrin, kubectl',
    here: (words: string) => `📖 In this chat: ${words}`,
    account: (words: string) => `📖 In the whole account: ${words}`,
    setting: (words: string) => `📖 By the setting GRAMSCRIBE_VOCABULARY: ${words}`,
    leftOut: (count: number) => `✂️ The model takes no more at once than the last of these; ${count} are left out here.`,
    words: { clear: 'clear' },
    cleared: '✅ No names or jargon are left here.',
    usage: 'This way: .vocab + Ann-Kathrin, kubectl · .vocab - kubectl · .vocab clear',
    bad: (words: number, length: number) => `At most ${words} words of up to ${length} characters each, with commas between them, and no control characters.`,
    absent: (words: string) => `Not among them: ${words}`,
  },
  retry: {
    about: 'write a voice down once more that failed (in reply to it, or to my answer)',
    sayWhich: 'Which one? Reply to the voice message, or to my answer that it failed.',
    deleted: 'The voice message is deleted: there is nothing to write down any more.',
    nothing: 'Nothing to retry here: this did not fail.',
    again: '🔁 Once more; the answer stands under the voice message.',
    underWay: '👌 It is being worked on already.',
  },
  status: {
    about: 'how I am',
    title: (version: string) => `🎙 Gramscribe ${version}`,
    units: ['d', 'h', 'min', 's'] as readonly [string, string, string, string],
    uptime: (time: string) => `⏱ Running for ${time}`,
    model: (name: string, running: boolean) => `🧠 Model: ${name} (${running ? 'in memory' : 'asleep'})`,
    threads: (count: number) => `💻 CPU threads: ${count}`,
    tracked: (count: number) => `👥 Tracked users: ${count}`,
    emptyQueue: '📥 Queue: empty',
    queue: (waiting: number, active: number, delayed: number) =>
      `📥 Queue: ${waiting} waiting, ${active} in work, ${delayed} to be tried again`,
    outcomes: (text: number, silent: number, failed: number) =>
      `📝 Voices: ${text} written down, ${silent} without speech, ${failed} failed`,
    deadLetters: (count: number) =>
      `📭 Failures to look at: ${count}${count === 0 ? '' : '. Reply .retry to one, or on the server: npm run jobs'}`,
    sent: (minute: number, hour: number, queued: number) =>
      `📤 Sent: ${minute} in the last minute, ${hour} in the last hour${queued === 0 ? '' : `; ${queued} wait their turn`}`,
    waits: (waits: string) => `⏳ Telegram asks to wait: ${waits}`,
    wait: (what: string, where: string | undefined, time: string) => `${what}${where === undefined ? '' : ` in ${where}`} ${time}`,
    waitKinds: {
      write: 'writing',
      send: 'sending',
      delete: 'deleting',
      typing: '“typing”',
      read: 'reading',
      find: 'looking people up',
      download: 'downloading',
      updates: 'catching up',
      search: 'searching',
    },
    chatKinds: { user: 'a private chat', group: 'a group', channel: 'a supergroup' },
    refusedChats: (count: number) => `🚫 Chats that take nothing from me: ${count}`,
    incidents: (counts: string) => `🩹 Errors got over: ${counts} (the log says which)`,
    incidentKinds: {
      message: (count: number) => `${count} with messages`,
      command: (count: number) => `${count} with commands`,
      job: (count: number) => `${count} with voices`,
    },
    reconnects: (count: number) => `🔄 Reconnections: ${count}`,
    proxy: (name: string) => `🧭 Through the proxy ${name}`,
    memory: (mebibytes: number) => `🗄 Memory of the daemon: ${mebibytes} MiB`,
  },
};
