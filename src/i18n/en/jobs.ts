/** `npm run jobs`. */
export const jobs = {
  noneFailed: 'No voice has failed.',
  failed: (count: number) => `Could not be written down: ${count} (npm run jobs -- retry ID, or all)`,
  columns: ['id', 'when', 'reason', 'tries', 'cause'] as readonly [string, string, string, string, string],
  queue: (waiting: number, active: number, delayed: number) =>
    `In the queue: ${waiting} waiting, ${active} in work, ${delayed} to be tried again`,
  more: (count: number) => `… and ${count} more`,
  states: { waiting: 'waiting', active: 'in work', delayed: 'to be tried again', done: 'done', failed: 'failed' },
  fields: {
    state: 'state',
    outcome: 'ended as',
    reason: 'reason',
    cause: 'cause',
    tries: 'tries',
    when: 'when',
    told: 'said in the chat',
    sent: 'sent at',
    media: 'media',
    messages: 'answers',
  },
  yes: 'yes',
  no: 'no',
  unknown: (id: string) => `${id}: there is no such job, or nothing failed in it`,
  underWay: (id: string) => `${id}: is under way already`,
  retried: (id: string) => `✓ ${id}: runs again`,
  dropped: (id: string) => `✓ ${id}: dropped, it will not be written down`,
  notDropped: (id: string) => `${id}: there is no such job, or it is in work`,
};
