interface Counts {
  voices: number;
  chats: number;
}

const voices = (count: number): string => (count === 1 ? '1 voice message' : `${count} voice messages`);
const from = ({ voices: count, chats }: Counts): string => `${voices(count)} from ${chats === 1 ? '1 chat' : `${chats} chats`}`;

/** What asks the owner about voices that came late. */
export const backlog = {
  question: (counts: Counts, prefix: string) =>
    `🕰 ${from(counts)} came while I was away. Write them down?\n\n${prefix}backlog answer\n${prefix}backlog skip`,
  decided: '🕰 Voices that came while I was away: decided.',
};
