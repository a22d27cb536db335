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
    absent: (name: string, names: string) =>
      `The model ${name} is not on this machine. There are: ${names}. Get it on the server: npm run model -- pull ${name}`,
    switched: (name: string) => `✅ Model from now on: ${name}`,
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
    queue: (waiting: number, active: number, delayed: number) =>
      `📥 Queue: ${waiting} waiting, ${active} in work, ${delayed} to be tried again`,
    outcomes: (text: number, silent: number, failed: number) =>
      `📝 Voices: ${text} written down, ${silent} without speech, ${failed} failed`,
    deadLetters: (count: number) =>
      count === 0 ? '📭 Nothing failed for good' : `📭 Failed for good: ${count}. Reply .retry to one, or on the server: npm run jobs`,
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
    incidents: (messages: number, commands: number, jobs: number) =>
      `🩹 Errors got over: ${messages} with messages, ${commands} with commands, ${jobs} with voices (the log says which)`,
    reconnects: (count: number) => `🔄 Reconnections: ${count}`,
    proxy: (name: string) => `🧭 Through the proxy ${name}`,
    memory: (mebibytes: number) => `🗄 Memory of the daemon: ${mebibytes} MiB`,
  },
};
