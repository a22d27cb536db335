import type { GovernorSnapshot } from '../../governor/governor-snapshot.js';
import type { Texts } from '../../i18n/texts.js';
import { incidentKinds, type IncidentKind } from '../../supervisor/incidents.js';
import type { EngineState } from '../../speech/engine-state.js';
import type { Command } from '../command.js';
import { engineLines } from './engine-lines.js';
import { readableDuration } from './readable-duration.js';

/** The state of the daemon, gathered at the time of the call. */
export interface Status {
  uptimeMs: number;
  memoryBytes: number;
  engine: EngineState;
  nowMs: number;
  trackedUsers: number;
  queue: { waiting: number; active: number; delayed: number };
  outcomes: { text: number; 'no-speech': number; failed: number };
  /** Failed voices that can still be tried again. */
  deadLetters: number;
  /** Errors that were contained since the start, by what felt them. */
  incidents: Readonly<Record<IncidentKind, number>>;
  governor: GovernorSnapshot;
  reconnects: number;
  /** Host and port of the proxy in use, where there is one. */
  proxy?: string | undefined;
  version: string;
}

type StatusTexts = Texts['commands']['status'];

/** `.status`: what the daemon did, what it has before it, what holds it up; lines without news are left out. */
export function statusCommand(gather: (accountId: string) => Promise<Status>): Command {
  return {
    name: 'status',
    usage: '',
    describe: (texts) => texts.status.about,
    run: async ({ message }, { status: texts }) => {
      const status = await gather(message.accountId);
      const { outcomes, queue } = status;
      return [
        texts.title(status.version),
        texts.uptime(readableDuration(status.uptimeMs, texts.units)),
        '',
        texts.outcomes(outcomes.text, outcomes['no-speech'], outcomes.failed),
        isEmpty(queue) ? texts.emptyQueue : texts.queue(queue.waiting, queue.active, queue.delayed),
        texts.deadLetters(status.deadLetters),
        ...sending(status.governor, texts),
        texts.tracked(status.trackedUsers),
        '',
        texts.reconnects(status.reconnects),
        ...(status.proxy === undefined ? [] : [texts.proxy(status.proxy)]),
        ...incidents(status.incidents, texts),
        ...engineLines(status.engine, status.nowMs, texts),
        texts.memory(mebibytes(status.memoryBytes), status.engine.memoryBytes && mebibytes(status.engine.memoryBytes)),
      ].join('\n');
    },
  };
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

function isEmpty({ waiting, active, delayed }: Status['queue']): boolean {
  return waiting + active + delayed === 0;
}

function sending(governor: GovernorSnapshot, texts: StatusTexts): string[] {
  const waits = governor.waits.map(({ kind, chatKind, remainingMs }) => {
    const time = readableDuration(remainingMs + 999, texts.units);
    return texts.wait(texts.waitKinds[kind], chatKind === undefined ? undefined : texts.chatKinds[chatKind], time);
  });
  return [
    texts.sent(governor.sentLastMinute, governor.sentLastHour, governor.queued),
    ...(waits.length === 0 ? [] : [texts.waits(waits.slice(0, MAX_WAITS_SHOWN).join('; '))]),
    ...(governor.refusedChats === 0 ? [] : [texts.refusedChats(governor.refusedChats)]),
  ];
}

const MAX_WAITS_SHOWN = 3;

function incidents(counts: Status['incidents'], texts: StatusTexts): string[] {
  const some = incidentKinds.filter((kind) => counts[kind] > 0).map((kind) => texts.incidentKinds[kind](counts[kind]));
  return some.length === 0 ? [] : [texts.incidents(some.join(', '))];
}
