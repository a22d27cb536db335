export const en = {
  about: { title: 'JavaScript', summary: 'runs a few lines of JavaScript, apart from everything' },
  code: 'code',
  args: 'what `args` is in the code, with commas',
  command: {
    summary: 'run JavaScript and show what it comes to',
    details:
      'The value of the last expression is the answer; await works. In the code stand message (this one), reply (the message that it replies to) and args. ' +
      'It runs in an engine of its own: no files, no network, no Telegram, nothing of this program.',
    examples: [
      { type: 'e 2 ** 64', does: 'a number' },
      { type: 'e reply.text.split(" ").length', does: 'how many words there are in the message that you reply to' },
      { type: 'e --args 3,4 args.map(Number)', does: 'code with values from outside' },
    ],
  },
  settings: { deadline: 'how long the code may run', memory: 'how much memory it may take, in MB' },
  console: 'Console',
  took: (time: string) => `✅ ${time}`,
  threw: '❌ Threw',
  threwIn: (line: string) => `❌ Threw in line ${line}`,
  ended: {
    time: (limit: string) => `⏱ Stopped: it ran longer than ${limit}`,
    memory: (limit: string) => `🧠 Stopped: it wanted more than ${limit}`,
    crash: '💥 Stopped: the engine crashed',
    flood: '🌊 Stopped: it said too much at once',
  },
  more: (characters: number) => `… ${characters} more characters`,
  busy: 'Two of these are running already: wait for one, or cancel it.',
  milliseconds: 'ms',
  seconds: 's',
  megabytes: 'MB',
};
