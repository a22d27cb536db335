import { readFile } from 'node:fs/promises';
import type { SandboxMessage } from '../control/views.js';
import type { Arena } from './arena.js';
import type { PlannedVoice } from './chaos-plan.js';
import { judge, type Expected, type Verdict } from './verdict.js';

/** A voice that was sent, and what came of it. */
export interface Case {
  planned: PlannedVoice;
  message: SandboxMessage;
  expected: Expected;
  sentAtMs: number;
  /** Messages of the owner that answer it, in the order in which they came. */
  answerKeys: number[];
  /** When its last answer came, or was changed. */
  answeredAtMs?: number;
}

/** Every voice of a run. */
export class Casebook {
  readonly cases: Case[] = [];
  private readonly byKey = new Map<number, Case>();
  private readonly stopListening: () => void;

  constructor(
    private readonly arena: Pick<Arena, 'sandbox' | 'owner' | 'logFile'>,
    onAnswer: (answered: Case) => void,
  ) {
    const { events } = arena.sandbox.world;
    this.stopListening = events.listen((event) => {
      if (event.kind !== 'message' && event.kind !== 'edit') return;
      const { fromUserId, replyTo } = event.message;
      const answered = replyTo && fromUserId === arena.owner.id ? this.byKey.get(replyTo.key) : undefined;
      if (answered === undefined) return;
      answered.answeredAtMs = Date.now();
      if (event.kind === 'message') answered.answerKeys.push(event.message.key);
      onAnswer(answered);
    });
  }

  add(found: Case): void {
    this.cases.push(found);
    this.byKey.set(found.message.key, found);
  }

  close(): void {
    this.stopListening();
  }

  /** Those that are to be answered and are not, or not rightly yet. */
  get waiting(): Case[] {
    return this.cases.filter((each) => ['lost', 'wrong'].includes(this.verdictOn(each)));
  }

  verdictOn(found: Case): Verdict {
    return judge(found.expected, this.answersTo(found));
  }

  /** The texts of the answers that stand in the chat, oldest first. */
  answersTo({ answerKeys }: Case): string[] {
    const { sandbox, owner } = this.arena;
    return answerKeys.flatMap((key) => {
      const { ids, text } = sandbox.message(key);
      return ids[owner.id] === undefined ? [] : [text];
    });
  }

  /** What the daemon's log says of the voice. */
  async logOf({ message }: Case): Promise<string[]> {
    const { owner, logFile } = this.arena;
    const [kind = '', ...ids] = message.chatKey.split(':');
    const chat = kind === 'private' ? `u${ids.find((id) => id !== owner.id) ?? ''}` : `${kind.charAt(0)}${ids[0] ?? ''}`;
    const job = `main:${chat}:${message.ids[owner.id] ?? 0}"`;
    return (await readFile(logFile, 'utf8')).split('\n').filter((line) => line.includes(job));
  }
}

/** The longest time in which somebody waited for an answer and nobody got one, ms. */
export function longestGap(cases: readonly Case[], nowMs: number): number {
  const due = cases.filter(({ expected }) => expected.kind === 'text');
  const ends = due.map(({ answeredAtMs }) => answeredAtMs ?? nowMs).sort((one, other) => one - other);
  let longest = 0;
  let lastAnswerMs = 0;
  for (const endMs of ends) {
    // Since when somebody had waited, if that was after the answer before.
    const waiting = due.filter((each) => each.sentAtMs < endMs && (each.answeredAtMs ?? nowMs) >= endMs);
    const since = Math.min(...waiting.map(({ sentAtMs }) => sentAtMs));
    if (waiting.length > 0) longest = Math.max(longest, endMs - Math.max(since, lastAnswerMs));
    lastAnswerMs = endMs;
  }
  return longest;
}
