import { between, drawsOf, pick, type Draw } from './draw.js';
import { sceneOf, type Fault } from './fault.js';
import { FAULTS } from './fault-catalogue.js';

/** The chats that there are: two private ones, a basic group, two supergroups. */
export const PLACES = ['anna', 'boris', 'group', 'family', 'work'] as const;
export type Place = (typeof PLACES)[number];
export type Speaker = 'anna' | 'boris' | 'clara' | 'denis';

export interface PlannedFault {
  fault: Fault;
  /** After the voice that it comes with has been sent. */
  afterMs: number;
  lastsMs: number;
  /** Telegram forgets every random id as it strikes: nobody documents how long it remembers them. */
  withoutRandomIds: boolean;
}

/** What else happens in the chats. */
export type Aside =
  | { kind: 'command'; text: string; place: Place }
  | { kind: 'text'; place: Place }
  /** The sender's second thoughts about the voice that this comes with. */
  | { kind: 'edit' | 'delete'; afterMs: number };

export interface PlannedVoice {
  index: number;
  /** Since the voice before. */
  pauseMs: number;
  place: Place;
  from: Speaker;
  clipId: string;
  kind: 'voice' | 'video-note';
  dc: 2 | 4;
  fault?: PlannedFault;
  aside?: Aside;
}

export interface PlanOptions {
  seed: number;
  voices: number;
  /** How long the voices take to arrive, ms; without it as drawn, a bit more than one a second. */
  spreadMs?: number;
  /** Clips to choose from, by id. */
  clipIds: readonly string[];
  /** Clips whose text needs several messages; a few of all voices are such. */
  longClipIds: readonly string[];
}

/** Denis is the only one who is not tracked. */
export const SPEAKERS: Record<Place, readonly Speaker[]> = {
  anna: ['anna'],
  boris: ['boris'],
  group: ['anna', 'denis'],
  family: ['anna', 'boris', 'denis'],
  work: ['clara', 'denis'],
};
const STRANGER = 'denis';
const STRANGER_SHARE = 0.04;
const FAULT_SHARE = 0.28;
const FORGETFUL_SHARE = 0.5;
const LONG_SHARE = 0.015;
const VIDEO_SHARE = 0.05;
const FOREIGN_SHARE = 0.4;
const ASIDE_SHARE = 0.15;
const BURST_SHARE = 0.04;
/** In a burst so many come at once, to two chats in turns. */
const BURST_LENGTH = 6;
const COMMANDS = ['.ping', '.status', '.tracked', '.help'];

/** What is to happen in a run: a function of the options alone. */
export function chaosPlan(options: PlanOptions): PlannedVoice[] {
  const draw = drawsOf(options.seed);
  const voices: PlannedVoice[] = [];
  let burst: { left: number; places: Place[] } = { left: 0, places: [] };
  for (let index = 0; index < options.voices; index += 1) {
    if (burst.left === 0 && draw(`${index} burst`) < BURST_SHARE) {
      burst = { left: BURST_LENGTH, places: [placeOf(draw, `${index} burst one`), placeOf(draw, `${index} burst other`)] };
    }
    const place = burst.places[burst.left % 2] ?? placeOf(draw, `${index} place`);
    const pauseMs = burst.left > 0 && burst.left < BURST_LENGTH ? 0 : between(150, 2200, draw(`${index} pause`));
    voices.push({ index, pauseMs, place, ...contentOf(index, place, options, draw) });
    burst = burst.left > 1 ? { ...burst, left: burst.left - 1 } : { left: 0, places: [] };
  }
  return options.spreadMs === undefined ? voices : spread(voices, options.spreadMs);
}

function contentOf(index: number, place: Place, { clipIds, longClipIds }: PlanOptions, draw: Draw): Omit<PlannedVoice, 'index' | 'pauseMs' | 'place'> {
  const chance = (name: string) => draw(`${index} ${name}`);
  const isLong = longClipIds.length > 0 && chance('long') < LONG_SHARE;
  const fault = chance('has fault') < FAULT_SHARE ? faultOf(chance) : undefined;
  const aside = chance('has aside') < ASIDE_SHARE ? asideOf(chance) : undefined;
  return {
    from: speakerIn(place, chance),
    clipId: oneOf(isLong ? longClipIds : clipIds, chance('clip')),
    kind: !isLong && chance('video') < VIDEO_SHARE ? 'video-note' : 'voice',
    dc: chance('dc') < FOREIGN_SHARE ? 4 : 2,
    ...(fault && { fault }),
    ...(aside && { aside }),
  };
}

function speakerIn(place: Place, chance: Draw): Speaker {
  const known = SPEAKERS[place].filter((name) => name !== STRANGER);
  return SPEAKERS[place].includes(STRANGER) && chance('stranger') < STRANGER_SHARE ? STRANGER : oneOf(known, chance('speaker'));
}

function faultOf(chance: Draw): PlannedFault {
  const { fault, lastsMs } = pick(FAULTS, chance('fault'));
  const withoutRandomIds = sceneOf(fault) !== 'telegram' && chance('fault forgets') < FORGETFUL_SHARE;
  return { fault, afterMs: between(0, 1500, chance('fault after')), lastsMs: between(...lastsMs, chance('fault lasts')), withoutRandomIds };
}

function asideOf(chance: Draw): Aside {
  const place = placeOf(chance, 'aside place');
  const afterMs = between(0, 1500, chance('aside after'));
  return pick<{ weight: number; aside: Aside }>(
    [
      { weight: 3, aside: { kind: 'command', text: oneOf(COMMANDS, chance('command')), place } },
      { weight: 3, aside: { kind: 'text', place } },
      { weight: 3, aside: { kind: 'edit', afterMs } },
      { weight: 1, aside: { kind: 'delete', afterMs } },
    ],
    chance('aside'),
  ).aside;
}

function placeOf(draw: Draw, label: string): Place {
  return oneOf(PLACES, draw(label));
}

function oneOf<T>(choices: readonly T[], drawn: number): T {
  const choice = choices[Math.floor(drawn * choices.length)];
  if (choice === undefined) throw new RangeError('There is nothing to choose from');
  return choice;
}

function spread(voices: readonly PlannedVoice[], spreadMs: number): PlannedVoice[] {
  const total = voices.reduce((sum, { pauseMs }) => sum + pauseMs, 0);
  return voices.map((voice) => ({ ...voice, pauseMs: Math.round((voice.pauseMs * spreadMs) / total) }));
}
