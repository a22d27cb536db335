/** What a voice is answered with besides its text. */
export const reply = {
  noSpeech: '🔇 No speech here.',
  progress: (percent: number): string => `🎙 Writing this down: ${percent}%`,
};
