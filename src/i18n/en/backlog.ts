interface Counts {
  voices: number;
  chats: number;
}

const voices = (count: number): string => (count === 1 ? '1 voice message' : `${count} voice messages`);
const from = ({ voices: count, chats }: Counts): string => `${voices(count)} from ${chats === 1 ? '1 chat' : `${chats} chats`}`;

export const backlog = {
  about: 'voices that came while I was away and are not answered: show, answer or skip them',
  usage: 'Either .backlog, .backlog answer or .backlog skip',
  /** What may be typed beside the English words. */
  words: { answer: 'answer', skip: 'skip' },
  question: (counts: Counts) =>
    `🕰 ${from(counts)} came while I was away. Write them down?\n\n.backlog answer\n.backlog skip`,
  decided: '🕰 Voices that came while I was away: decided.',
  summary: ({ ask, tooOld, dropped }: { ask: Counts; tooOld: Counts; dropped: number }) =>
    [
      ask.voices + tooOld.voices === 0 ? '🕰 No voice message is set aside.' : '🕰 Set aside, not answered:',
      ...(ask.voices === 0 ? [] : [`• ${from(ask)}: came while I was away`]),
      ...(tooOld.voices === 0 ? [] : [`• ${from(tooOld)}: too old (GRAMSCRIBE_BACKLOG)`]),
      ...(ask.voices + tooOld.voices === 0 ? [] : ['.backlog answer or .backlog skip']),
      ...(dropped === 0 ? [] : [`Skipped so far: ${dropped}`]),
    ].join('\n'),
  answering: (count: number) => (count === 0 ? '👌 There is nothing to answer.' : `✅ Writing down: ${voices(count)}`),
  skipped: (count: number) => (count === 0 ? '👌 There is nothing to skip.' : `✅ Skipped: ${voices(count)}`),
};
