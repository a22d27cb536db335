import { breakParagraphs } from './paragraphs.js';
import { applySentenceCase } from './sentence-case.js';
import { markSentenceEnds } from './sentence-ends.js';
import { attachMarks, spaceAfterMarks } from './spacing.js';
import type { TimedText } from './timed-text.js';
import { joinUnspaced, segmentsOf, textOf, tokensOf } from './tokens.js';
import { applyTypography } from './typography.js';

/** Text that reads well: as a whole, paragraphs parted by a blank line, and segment by segment with the same words. */
export interface PunctuatedText {
  text: string;
  segments: TimedText[];
}

/**
 * Turns what an engine heard into text that reads well: spaces around marks, sentence ends, capital letters, the habits
 * of Russian and English typography. What a model already wrote right stays; words and their order never change, and
 * doing it twice changes nothing more. Never throws, whatever the text. Segments without text are left out.
 *
 * @param segments in the order they were said; their times tell pauses
 * @param language ISO 639-1 (`en-US` counts as `en`); what only holds for one language is left out without it
 */
export function punctuate(segments: readonly TimedText[], language: string | undefined): PunctuatedText {
  const code = language?.toLowerCase().split(/[-_]/)[0];
  const spaced = attachMarks(tokensOf(segments, spaceAfterMarks), code);
  const ended = markSentenceEnds(applyTypography(spaced, code), segments, code);
  const tokens = breakParagraphs(joinUnspaced(applySentenceCase(ended, code)), segments);
  return { text: textOf(tokens), segments: segmentsOf(tokens, segments) };
}
