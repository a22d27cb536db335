import { decimalText } from '../../../../i18n/measure.js';

export const en = {
  about: { title: 'Terminal', summary: 'runs programs of the machine that Gramscribe runs on' },
  program: 'program and its arguments',
  line: 'line for the shell',
  terminal: {
    summary: 'run a program and show what it writes',
    details:
      'Words are divided as a shell divides them, and nothing else is done with them: no variables, no |, no >. There is no input to type into. ' +
      'It runs as the user of the daemon, in a folder of its own. What it writes is shown while it runs; the command cancel ends it. Nothing that it started stays when it has ended.',
    examples: [
      { type: 't df -h /', does: 'one program with its arguments' },
      { type: 't grep -c "two words" notes.txt', does: 'quotes hold words together' },
    ],
  },
  shell: {
    summary: 'run a line of the shell and show what it writes',
    examples: [{ type: 'sh df -h | sort', does: 'what one program writes goes to another' }],
  },
  settings: {
    deadline: 'how long a program may run',
    output: 'how many characters of its output are kept, half of them the first, half the last',
  },
  unclosed: 'A quote is not closed.',
  noName: 'Which program?',
  noProgram: (name: string) => `There is no program ${name}.`,
  cannotStart: (name: string) => `${name} cannot be started.`,
  running: (time: string) => `⏳ ${time}`,
  done: (time: string) => `✅ ${time}`,
  failed: (status: number, time: string) => `❌ Exit status ${status} · ${time}`,
  killed: (signal: string, time: string) => `❌ Ended by ${signal} · ${time}`,
  tooLong: (time: string) => `⏱ Stopped after ${time}`,
  leftOut: (characters: number) => `… characters left out: ${characters} …`,
  decimal: (value: number) => decimalText(value, 1, 'en'),
  units: ['d', 'h', 'min', 's'] as readonly [string, string, string, string],
};
