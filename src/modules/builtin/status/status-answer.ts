import type { GovernorSnapshot } from '../../../governor/governor-snapshot.js';
import { incidentKinds } from '../../../supervisor/incidents.js';
import { readableDuration } from '../../readable-duration.js';
import { engineLines } from './engine-lines.js';
import type { Status } from './status-ports.js';
import type { en } from './texts/en.js';

const MAX_WAITS_SHOWN = 3;

/** What the daemon did, what it has before it, what holds it up; lines without news are left out. */
export function statusAnswer(status: Status, takesVoices: boolean, all: typeof en, prefix: string): string {
  const { outcomes, queue } = status;
  const { status: texts, units } = all;
  return [
    texts.title(status.version),
    texts.uptime(readableDuration(status.uptimeMs, units)),
    '',
    ...(takesVoices ? [] : [texts.voicesOff(`${prefix}enable voice`)]),
    texts.outcomes(outcomes.text, outcomes['no-speech'], outcomes.failed),
    isEmpty(queue) ? texts.emptyQueue : texts.queue(queue.waiting, queue.active, queue.delayed),
    texts.deadLetters(status.deadLetters, prefix),
    ...sending(status.governor, all),
    texts.tracked(status.tracked.people, status.tracked.chats),
    '',
    texts.reconnects(status.reconnects),
    ...(status.proxy === undefined ? [] : [texts.proxy(status.proxy)]),
    ...incidents(status.incidents, texts),
    ...engineLines(status.engine, status.nowMs, all),
    texts.memory(mebibytes(status.memoryBytes), status.engine.memoryBytes && mebibytes(status.engine.memoryBytes)),
  ].join('\n');
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}

function isEmpty({ waiting, active, delayed }: Status['queue']): boolean {
  return waiting + active + delayed === 0;
}

function sending(governor: GovernorSnapshot, { status: texts, units }: typeof en): string[] {
  const waits = governor.waits.map(({ kind, chatKind, remainingMs }) => {
    const time = readableDuration(remainingMs + 999, units);
    return texts.wait(texts.waitKinds[kind], chatKind === undefined ? undefined : texts.chatKinds[chatKind], time);
  });
  return [
    texts.sent(governor.sentLastMinute, governor.sentLastHour, governor.queued),
    ...(waits.length === 0 ? [] : [texts.waits(waits.slice(0, MAX_WAITS_SHOWN).join('; '))]),
    ...(governor.refusedChats === 0 ? [] : [texts.refusedChats(governor.refusedChats)]),
  ];
}

function incidents(counts: Status['incidents'], texts: (typeof en)['status']): string[] {
  const some = incidentKinds.filter((kind) => counts[kind] > 0).map((kind) => texts.incidentKinds[kind](counts[kind]));
  return some.length === 0 ? [] : [texts.incidents(some.join(', '))];
}
