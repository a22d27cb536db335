/** What was learned of the languages that somebody speaks, from recordings in which they were certain. */
export interface SpeakerLanguages {
  /** Language → how often it was certain, older times counting less: at most `MOST`. */
  times: Readonly<Record<string, number>>;
  /** How sure the engine usually is of their words: the mean of the tokens' logarithms. */
  usualLogProbability?: number;
  /** Recordings since the language was last asked for. */
  unasked: number;
}

/** What a recording taught. */
export interface HeardLanguage {
  language: string;
  /** Speech of which that language is certain; 0 where it was taken for granted, or remained a guess. */
  sureMs: number;
  /** Whether the language was asked for at all. */
  asked: boolean;
  logProbability?: number;
}

export const NOTHING_LEARNED: SpeakerLanguages = { times: {}, unasked: 0 };

/** Each certain recording makes the earlier ones count this much less, so that who changes their language is learned anew. */
const DECAY = 0.9;
/** What the count of one language comes near to. */
export const MOST = 1 / (1 - DECAY);
const KNOWN_TIMES = 2.5;
const KNOWN_SHARE = 0.95;
/** A model can be sure of a translation, so the language of those who are known is asked for now and then. */
const ASKED_EVERY = 10;
const USUAL_WEIGHT = 0.2;

/** What is known after one more recording. Pure. */
export function learned(before: SpeakerLanguages, heard: HeardLanguage): SpeakerLanguages {
  const times = heard.sureMs > 0 ? oneMore(before.times, heard.language) : before.times;
  const usual = movedTowards(before.usualLogProbability, heard.logProbability);
  return {
    times,
    ...(usual !== undefined && { usualLogProbability: usual }),
    unasked: heard.asked ? 0 : before.unasked + 1,
  };
}

/** The one language that they speak, where that is known and it is not time to ask again; pure. */
export function onlyLanguage({ times, unasked }: SpeakerLanguages): string | undefined {
  const all = Object.values(times).reduce((sum, count) => sum + count, 0);
  const [most] = Object.entries(times).sort(([, one], [, other]) => other - one);
  if (most === undefined || unasked >= ASKED_EVERY - 1) return undefined;
  const [language, count] = most;
  return count >= KNOWN_TIMES && count >= KNOWN_SHARE * all ? language : undefined;
}

function oneMore(times: SpeakerLanguages['times'], spoken: string): Record<string, number> {
  const older = Object.entries(times).map(([language, count]) => [language, count * DECAY] as const);
  const kept = Object.fromEntries(older.filter(([, count]) => count > 0.05));
  return { ...kept, [spoken]: (kept[spoken] ?? 0) + 1 };
}

function movedTowards(usual: number | undefined, now: number | undefined): number | undefined {
  if (usual === undefined || now === undefined) return now ?? usual;
  return usual + USUAL_WEIGHT * (now - usual);
}
