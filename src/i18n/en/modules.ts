/** What the core says of modules. */
export const modules = {
  notMet: 'This account has not met that chat or person yet.',
  unknown: (name: string) => `There is no module ${name}.`,
  needed: (name: string) => `${name} cannot be switched off: without it nothing could be switched on again.`,
  taken: (name: string) => `There is a module ${name} already, and it is part of the program.`,
  doesNotFit: (problem: string) => `The module does not fit: ${problem}`,
  settingsNotTaken: (name: string) => `The module ${name} failed to take that; nothing was changed. The cause is in the log.`,
  switchedOff: (title: string, why: string, command: string) => `⚠️ The module “${title}” was switched off: ${why}. ${command} starts it again.`,
  network: {
    httpsOnly: 'Only https:// addresses can be asked.',
    notPublic: 'That address is on this machine or its network; modules do not get there.',
    failed: 'The other side did not answer as it should.',
  },
  tooMuch: {
    error: 'it failed too often',
    block: 'it held everything up several times',
    flood: 'it sends too much',
  },
  didNotStart: {
    failed: (error: string) => `it did not start (${error})`,
    late: (seconds: number) => `it did not start within ${seconds} s`,
    tooNew: 'a newer version of it has written its data; install that version again',
  },
};
