/** So many at once after a pause, then one every so often. */
export interface Budget {
  burst: number;
  everyMs: number;
}

/** How fast an account lets things out. Messages, edits and deletions share one budget. */
export interface Pace {
  account: Budget;
  privateChat: Budget;
  /** Groups, supergroups and channels, each. */
  group: Budget;
  /** Reading a message, looking a person up. */
  lookups: Budget;
  /** "Typing", which is dropped rather than queued. */
  typing: Budget;
  /** A departure costs up to this share more than one, drawn at random: nobody writes in step with a clock. */
  jitter: number;
}

/**
 * Telegram publishes no limits for people's accounts; these stay below the ones that it names for bots, whose traffic
 * it expects, and near what a person does.
 *
 * - https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second in a chat,
 *   short bursts allowed; 20 a minute in a group; 30 a second over all chats.
 * - tdlib/td#2592 (its author): limits of people are "high enough to be never exceeded by real users"; edits count like
 *   messages, about 20 a minute in one chat; #3034: sending and editing share one limit. Hence one budget for both.
 * - tdlib/td#797: PEER_FLOOD comes from private messages to too many people who are no mutual contacts, whatever the
 *   rate; LonamiWebs/Telethon#397, #398, #4009: accounts limited after 5 to 50 strangers. No rate helps there: such a
 *   chat is left alone.
 * - tginfo/Telegram-Limits#289: about 2,000 messages in a row brought a wait of 50 minutes.
 * - python-telegram-bot#939: one message edited 20 times at one a second is enough for a flood wait of minutes.
 */
export const PACES = {
  normal: {
    account: { burst: 10, everyMs: 1000 },
    privateChat: { burst: 5, everyMs: 1500 },
    group: { burst: 5, everyMs: 4000 },
    lookups: { burst: 20, everyMs: 1000 },
    typing: { burst: 5, everyMs: 1000 },
    jitter: 0.3,
  },
  careful: {
    account: { burst: 5, everyMs: 3000 },
    privateChat: { burst: 3, everyMs: 4000 },
    group: { burst: 3, everyMs: 8000 },
    lookups: { burst: 10, everyMs: 3000 },
    typing: { burst: 3, everyMs: 2000 },
    jitter: 0.5,
  },
} satisfies Record<string, Pace>;

/** `off`: no budgets. What Telegram asks for (waits, chats that refuse) is respected at every pace. */
export type PaceName = keyof typeof PACES | 'off';
