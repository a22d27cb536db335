export const en = {
  about: { title: 'Reminders', summary: 'writes to you at a time that you name' },
  when: 'when and of what',
  number: 'number | all',
  remind: {
    summary: 'be reminded at a time',
    details:
      'The time is read in English or Russian and shown before anything else, so that a misreading is seen. A date without a time means 9:00. ' +
      'In reply to a message, that message is answered when the time comes. A reminder that falls due while the program is off comes late and says so.',
    examples: [
      { type: 'remind 2h take the bread out', does: 'in two hours, in this chat' },
      { type: 'remind tomorrow 9:00 call Ann', does: 'at that time' },
      { type: 'remind every monday 9:00 report', does: 'again and again' },
      { type: 'remind --saved in 20 minutes tea', does: 'in Saved Messages, where nobody else reads it' },
    ],
  },
  saved: 'in Saved Messages',
  list: { summary: 'what I will remind you of', examples: [{ type: 'reminders', does: 'all of them, the next one first' }] },
  forget: {
    summary: 'drop a reminder',
    examples: [
      { type: 'forget 2', does: 'the one with this number' },
      { type: 'forget all', does: 'all of them' },
    ],
  },
  settings: { zone: 'time zone in which times are meant; that of the server unless you choose' },
  set: (number: number, moment: string) => `⏰ ${moment} · no. ${number}`,
  line: (number: number, moment: string, text: string) => `${number}. ${moment}${text === '' ? '' : ` · ${text}`}`,
  title: '⏰ Reminders',
  none: '⏰ No reminders.',
  forgotten: (count: number) => (count === 1 ? '✅ Forgotten.' : `✅ Forgotten: ${count}`),
  due: (text: string) => `⏰ ${text}`,
  dueUnnamed: 'You asked to be reminded',
  late: (moment: string) => `It was due ${moment}; I was off.`,
  everyDay: 'every day',
  everyWeek: 'every week',
  past: (moment: string) => `That time is past: ${moment}.`,
  tooFar: 'That is too far ahead: 20 years at most.',
  notUnderstood: 'I do not understand when. For example: 2h, tomorrow 9:00, monday 18:30, 25 december.',
  repeatNotUnderstood: 'It can come every day or once a week: every monday 9:00.',
  sayWhat: 'Of what? Say it after the time, or reply to the message that is meant.',
  noSuch: (given: string) => `There is no reminder ${given}.`,
  tooMany: (count: number) => `There are ${count} reminders already, no more fit.`,
};
