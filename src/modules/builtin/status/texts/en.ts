/** Days, hours, minutes, seconds. */
type Units = readonly [string, string, string, string];

export const en = {
  module: { title: 'Status', summary: 'how I am; restart and stop' },
  units: ['d', 'h', 'min', 's'] as Units,
  ping: {
    about: { summary: 'round trip to Telegram', examples: [{ type: 'ping', does: 'how long Telegram takes to answer' }] },
    answer: (ms: number) => `🏓 ${ms} ms`,
  },
  status: {
    about: { summary: 'how I am', examples: [{ type: 'status', does: 'what was done, what waits, what holds it up' }] },
    title: (version: string) => `🎙 Gramscribe ${version}`,
    uptime: (time: string) => `⏱ Running for ${time}`,
    model: (name: string, running: boolean) => `🧠 Model: ${name} (${running ? 'in memory' : 'asleep'})`,
    engine: (how: string) => `⚙️ Engine: ${how}`,
    threads: (count: number) => `${count} ${count === 1 ? 'thread' : 'threads'}`,
    flashAttention: (isOn: boolean): string => (isOn ? 'flash attention' : 'no flash attention'),
    tuned: 'measured here',
    speed: (realTimeFactor: number) => `1 s of speech in ${realTimeFactor.toFixed(2)} s`,
    restarts: (count: number, ago: string, cause: string) => `♻️ Engine restarts: ${count}, the last ${ago} ago: ${cause}`,
    endCauses: {
      crash: 'it crashed',
      hang: 'it gave no answer in time',
      killed: 'it was killed, most likely for want of memory: a smaller model would help',
      'out-of-memory': 'memory ran out: a smaller model would help',
      'illegal-instruction': 'this CPU does not know an instruction; another build is used',
      'memory-growth': 'it had taken more and more memory',
    },
    engineTrouble: (what: string) => `⚠️ The engine cannot work now: ${what}`,
    engineResting: (names: string) => `💤 Cannot work now and is asked again later: ${names}`,
    voicesOff: (typed: string) => `⏸ No voice is written down: the module voice is switched off. Back: ${typed}`,
    tracked: (people: number, chats: number) =>
      `👥 Tracked: ${people} ${people === 1 ? 'person' : 'people'}${chats === 0 ? '' : `, ${chats} ${chats === 1 ? 'chat' : 'chats'}`}`,
    emptyQueue: '📥 Queue: empty',
    queue: (waiting: number, active: number, delayed: number) =>
      `📥 Queue: ${waiting} waiting, ${active} in work, ${delayed} to be tried again`,
    outcomes: (text: number, silent: number, failed: number) =>
      `📝 Voices: ${text} written down, ${silent} without speech, ${failed} failed`,
    deadLetters: (count: number, prefix: string) =>
      `📭 Failures to look at: ${count}${count === 0 ? '' : `. Reply ${prefix}retry to one, or on the server: npm run jobs`}`,
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
    memory: (mebibytes: number, engine: number | undefined) =>
      `🗄 Memory: ${mebibytes} MiB${engine === undefined ? '' : `, the engine ${engine} MiB`}`,
  },
  debug: {
    about: {
      summary: 'everything about the program, to copy into a report',
      details: 'There are no secrets, names or texts of messages in it.',
      examples: [{ type: 'debug', does: 'process, memory, Redis, engine, queue, governor, last errors' }],
    },
    title: '🔬 Gramscribe',
    noErrors: 'none since the start',
  },
  info: {
    about: { summary: 'a picture with what I have done', examples: [{ type: 'info', does: 'uptime, voices, hours of audio, speed' }] },
    caption: (version: string) => `🎙 Gramscribe ${version}: voice messages, written down`,
    tagline: 'Voice messages, written down',
    uptime: 'uptime',
    voices: 'voices',
    hours: 'hours of audio',
    audio: 'of audio',
    speed: 'speed',
    faster: 'faster than speech',
    slower: 'slower than speech',
    unknownSpeed: '—',
  },
  logs: {
    about: {
      summary: 'the newest lines of my log, as a file',
      details: 'Secrets and texts of messages are taken out. Levels: debug, info, warn, error.',
      examples: [
        { type: 'logs', does: 'the newest 2000 lines at most' },
        { type: 'logs warn', does: 'warnings and errors alone' },
      ],
    },
    level: 'level',
    caption: (lines: number, level: string) => `📄 Log: ${lines} ${lines === 1 ? 'line' : 'lines'}, ${level} and above`,
    none: (level: string) => `👌 Nothing of level ${level} or above since the start.`,
  },
  restart: {
    about: {
      summary: 'start me anew',
      details: 'What is in work is kept and goes on afterwards. Works where something starts me again: Docker, systemd.',
      examples: [{ type: 'restart', does: 'asks, starts anew, and says here when I am back' }],
    },
    question: '🔄 Restart now? What is in work goes on afterwards.',
    leaving: '🔄 Restarting…',
    nobody: 'Nothing would start me again here: I run without Docker and systemd. On the server: stop me with Ctrl-C, then npm start.',
    back: (seconds: number) => `✅ Back after ${seconds} s`,
    kept: '👌 I go on.',
  },
  stop: {
    about: {
      summary: 'stop me',
      details: 'What is in work is kept until I am started again.',
      examples: [{ type: 'stop', does: 'asks, then ends the program' }],
    },
    question: '🛑 Stop now? Only the server can start me again.',
    dockerQuestion: '🛑 Stop now? Docker starts me again at once; docker compose stop is what keeps me stopped.',
    leaving: '🛑 Stopped.',
    kept: '👌 I go on.',
  },
};
