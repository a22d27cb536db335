export const en = {
  about: { title: 'Reports', summary: 'warnings and errors of the log, in a chat' },
  settings: {
    on: 'whether they are sent',
    chat: 'where to: me is Saved Messages',
    level: 'from which level on',
    digest: 'the first is sent at once, what follows no more often than this',
  },
  title: '🔔 In the log:',
  times: (count: number, last: string) => `×${count}, last ${last}`,
  more: (count: number) => `… and more kinds of lines: ${count}; the log has them all`,
  unknownChat: (chat: string) => `Nobody is known as ${chat}.`,
  off: (prefix: string) => `🔕 Reports are off in the settings. On: ${prefix}config reports on yes`,
  mute: {
    about: {
      summary: 'no reports for a while',
      examples: [
        { type: 'mute', does: 'for eight hours' },
        { type: 'mute 2h', does: 'for two' },
        { type: 'mute forever', does: 'until you take it back' },
      ],
    },
    time: '2h | forever',
    done: (until: string, prefix: string) => `🔕 No reports until ${until}. What comes meanwhile stays in ${prefix}logs. Sooner: ${prefix}unmute`,
    forever: (prefix: string) => `🔕 No reports until ${prefix}unmute`,
  },
  unmute: {
    about: { summary: 'reports again', examples: [{ type: 'unmute', does: 'before the time is over' }] },
    done: '🔔 Reports again',
    notMuted: '🔔 They were not muted',
  },
};
