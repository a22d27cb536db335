import type { Pcm } from '../../../media/pcm.js';
import {
  between, chord, gate, loud, melody, moments, noise, nothing, render, resonance, saw, sine, square, struck, sum, sweep, swell, tremolo,
  type NoiseColour, type Wave,
} from './waves.js';

/** A sound in which nobody speaks. */
export interface NonSpeechSound {
  name: string;
  pcm: () => Pcm;
}

type Recipe = [name: string, seconds: number, wave: () => Wave];

/**
 * 200 sounds in which nobody speaks, the same in every run: silence, noises, tones, sweeps, clicks, hum, chords, and what goes
 * up and down as speech does, from breaths and knocks to music.
 */
export function nonSpeechSounds(): NonSpeechSound[] {
  const recipes = [
    ...silences(), ...noises(), ...tones(), ...signals(), ...sweeps(), ...clicks(), ...hums(), ...chords(),
    ...music(), ...breaths(), ...knocks(), ...weather(), ...machines(), ...animals(), ...rhythms(),
  ];
  return recipes.map(([name, seconds, wave]) => ({ name, pcm: () => render(seconds, wave()) }));
}

function each<T>(values: readonly T[], recipe: (value: T, index: number) => Recipe): Recipe[] {
  return values.map(recipe);
}

function silences(): Recipe[] {
  return [
    ...each([1, 3, 8, 30], (seconds): Recipe => [`digital silence of ${seconds} s`, seconds, () => nothing]),
    ...each([0.1, 0.6], (offset): Recipe => [`a constant offset of ${offset}`, 5, () => () => offset]),
    ...each([-90, -80, -70], (db, index): Recipe => [`silence with noise of ${db} dB`, 8, () => loud(noise('white', 100 + index), db)]),
    ['silence of a microphone that is switched on after 2 s', 6, () => loud(loud(noise('pink', 103), -55), between(2, 6))],
  ];
}

function noises(): Recipe[] {
  const colours: NoiseColour[] = ['white', 'pink', 'brown'];
  const bands: [number, number][] = [[300, 1], [1000, 2], [1000, 8], [2500, 3], [5000, 2], [500, 20]];
  return [
    ...colours.flatMap((colour, row) =>
      each([-55, -40, -26, -12, -3], (db, index): Recipe => [`${colour} noise of ${db} dB`, 2 + 4 * index + row, () => loud(noise(colour, 200 + 10 * row + index), db)]),
    ),
    ...each([-40, -10], (db): Recipe => [`blue noise of ${db} dB`, 9, () => loud(noise('blue', 240), db)]),
    ...each(bands, ([hz, q]): Recipe => [`noise around ${hz} Hz, quality ${q}`, 7, () => loud(resonance(noise('white', 250), hz, q), -6)]),
    ...each([-40, -26, -12], (db, index): Recipe => [`white noise of ${db} dB that begins and ends`, 8, () => loud(loud(noise('white', 260 + index), db), between(2, 5.5))]),
    ['noise that gets louder by steps', 12, () => loud(noise('pink', 270), (t) => 0.02 * 2 ** Math.floor(t / 2))],
    ['noise that fades in and out', 15, () => loud(loud(noise('pink', 271), -6), swell(0, 15))],
    ...each([2, 4, 6], (hz): Recipe => [`noise that swells ${hz} times a second, as syllables do`, 8, () => loud(loud(noise('pink', 280), -6), tremolo(hz, 1))]),
    ...each([1, 3, 5], (perSec): Recipe => [`noise that is switched ${perSec} times a second`, 6, () => loud(loud(noise('white', 281), -18), gate(1 / perSec, 0.5))]),
  ];
}

function tones(): Recipe[] {
  const pitches = [50, 110, 220, 440, 1000, 3000, 6000];
  return [
    ...each(pitches, (hz, index): Recipe => [`a tone of ${hz} Hz`, 3 + index, () => loud(sine(hz), -6)]),
    ...each([150, 440, 2000], (hz): Recipe => [`a faint tone of ${hz} Hz`, 6, () => loud(sine(hz), -45)]),
    ...each([120, 440, 1500], (hz): Recipe => [`a tone of ${hz} Hz that begins and ends`, 8, () => loud(loud(sine(hz), -10), between(2, 5))]),
    ...each([100, 180, 300], (hz): Recipe => [`a saw tooth of ${hz} Hz, rich as a voice`, 5, () => loud(saw(hz), -12)]),
    ...each([110, 220, 500], (hz): Recipe => [`a square wave of ${hz} Hz`, 4, () => loud(square(hz), -15)]),
    ...each([3, 5, 8], (hz): Recipe => [`a tone that trembles ${hz} times a second`, 6, () => loud(loud(sine(330), -8), tremolo(hz, 0.9))]),
    ['a saw tooth that trembles as syllables do', 6, () => loud(loud(saw(140), -8), tremolo(4, 1))],
  ];
}

function signals(): Recipe[] {
  const key = (low: number, high: number) => chord(sine, 1, [12 * Math.log2(low), 12 * Math.log2(high)]);
  const keys = [key(697, 1209), key(770, 1336), key(852, 1477), key(941, 1336), key(697, 1477), key(770, 1209), key(852, 1336)];
  return [
    ['a dial tone', 8, () => loud(sine(425), -10)],
    ['an engaged tone', 8, () => loud(loud(sine(425), -10), gate(1, 0.5))],
    ['a ringing tone', 12, () => loud(loud(sine(425), -10), gate(5, 0.2))],
    ['a number being dialled', 5, () => loud((t) => (t % 0.5 < 0.25 ? (keys[Math.floor(t / 0.5) % keys.length]?.(t) ?? 0) : 0), -8)],
    ['a number being dialled fast', 4, () => loud((t) => (t % 0.16 < 0.08 ? (keys[Math.floor(t / 0.16) % keys.length]?.(t) ?? 0) : 0), -8)],
    ['an alarm clock', 6, () => loud(loud(loud(square(2000), -16), gate(0.12, 0.5)), gate(1, 0.45))],
    ['a reversing lorry', 8, () => loud(loud(sine(1250), -10), gate(1, 0.5))],
    ['three beeps', 4, () => loud(loud(sine(880), -8), (t) => (t < 1.5 ? gate(0.5, 0.4)(t) : 0))],
    ['a telegraph', 6, () => loud(loud(sine(700), -8), (t) => ('1110101000111011100010111010001'[Math.floor(t / 0.08) % 31] === '1' ? 1 : 0))],
    ['a modem', 5, () => {
      const [mark, space] = [sine(1300), sine(2100)];
      const bits = noise('white', 300);
      let bit = 0;
      return (t) => {
        if (Math.floor(t * 16_000) % 53 === 0) bit = bits(t);
        return 0.4 * (bit > 0 ? mark(t) : space(t));
      };
    }],
  ];
}

function sweeps(): Recipe[] {
  const ways: [number, number, number][] = [[100, 6000, 8], [6000, 100, 8], [200, 800, 1], [500, 1500, 0.5], [800, 600, 3], [100, 300, 0.4], [2000, 4000, 0.15]];
  return [
    ...each(ways, ([from, to, period]): Recipe => [`a sweep from ${from} to ${to} Hz in ${period} s`, 8, () => loud(sweep(from, to, period), -10)]),
    ...each([0.5, 2], (period): Recipe => [`a siren, ${period} s a turn`, 10, () => {
      let phase = 0;
      return (t) => {
        phase += (800 + 400 * Math.sin((2 * Math.PI * t) / period)) / 16_000;
        return 0.3 * Math.sin(2 * Math.PI * phase);
      };
    }]),
    ['a theremin', 8, () => {
      let phase = 0;
      return (t) => {
        phase += (300 + 80 * Math.sin(1.1 * t) + 40 * Math.sin(2.9 * t) + 4 * Math.sin(36 * t)) / 16_000;
        return 0.3 * Math.sin(2 * Math.PI * phase);
      };
    }],
  ];
}

function clicks(): Recipe[] {
  const regular = (perSec: number) => Array.from({ length: Math.ceil(8 * perSec) }, (_, n) => n / perSec);
  return [
    ...each([0.5, 1, 2, 4, 8, 16], (perSec): Recipe => [`${perSec} clicks a second`, 8, () => loud(struck(regular(perSec), 0.001), -1)]),
    ...each([0.2, 0.08, 0.02], (every, index): Recipe => [`random clicks, one in ${every} s`, 8, () => loud(noise('white', 400 + index), struck(moments(every, 8, 410 + index), 0.002))]),
    ...each([1, 5], (perSec): Recipe => [`a clock, ${perSec} ticks a second`, 10, () => loud(resonance(noise('white', 420), 3000, 5), struck(regular(perSec), 0.008))]),
    ['one click', 1, () => struck([0.4], 0.001)],
    ['one loud crack', 3, () => loud(noise('white', 421), struck([1], 0.03))],
    ['crackle of an old record', 10, () => sum(loud(noise('pink', 422), -45), loud(noise('white', 423), struck(moments(0.05, 10, 424), 0.0015)))],
    ['fingers on a keyboard', 10, () => loud(resonance(noise('white', 425), 2200, 1.5), struck(moments(0.17, 10, 426), 0.015))],
    ['a mouse', 6, () => loud(resonance(noise('white', 427), 4000, 3), struck([1, 1.1, 2.8, 2.9, 3.1, 3.2, 5, 5.1], 0.006))],
  ];
}

function hums(): Recipe[] {
  const mains = (hz: number, overtones: number) => sum(...Array.from({ length: overtones }, (_, n) => loud(sine(hz * (n + 1)), -6 * (n + 1))));
  return [
    ...[50, 60].flatMap((hz) => each([-30, -6], (db): Recipe => [`mains hum of ${hz} Hz, ${db} dB`, 8, () => loud(mains(hz, 6), db)])),
    ['hum that is switched on', 8, () => loud(mains(50, 8), between(3, 7))],
    ['hum with noise', 10, () => sum(loud(mains(50, 4), -12), loud(noise('white', 500), -30))],
    ['hum with clicks', 8, () => sum(loud(mains(60, 4), -12), struck(moments(0.7, 8, 501), 0.002))],
    ['a humming transformer that beats', 9, () => loud(sum(sine(100), sine(101.3)), -12)],
  ];
}

const MAJOR = [0, 4, 7, 12];
const MINOR = [0, 3, 7, 12];

function chords(): Recipe[] {
  return [
    ...each([110, 220, 440], (hz): Recipe => [`a major chord on ${hz} Hz`, 6, () => loud(chord(sine, hz, MAJOR), -4)]),
    ...each([130, 260], (hz): Recipe => [`a minor chord of saw teeth on ${hz} Hz`, 5, () => loud(chord(saw, hz, MINOR), -10)]),
    ...each([110, 220, 330], (hz): Recipe => [`a chord on ${hz} Hz, struck every second`, 8, () => loud(loud(chord(sine, hz, MAJOR), struck([0, 1, 2, 3, 4, 5, 6, 7], 0.4)), -3)]),
    ['chords of an organ', 12, () => {
      const row = [220, 174.6, 196, 164.8].map((hz) => chord((pitch) => sum(sine(pitch), loud(sine(2 * pitch), -8)), hz, MAJOR));
      return (t) => 0.3 * (row[Math.floor(t / 1.5) % row.length]?.(t) ?? 0);
    }],
    ['a chord that swells', 8, () => loud(chord(saw, 146.8, MAJOR), swell(1, 6))],
  ];
}

const TUNE = [0, 4, 7, 12, 7, 4, 0, -5, 0, 2, 4, 5, 7, 9, 11, 12];

function music(): Recipe[] {
  const voices: [string, (hz: number) => Wave][] = [['sine', sine], ['saw', saw], ['square', square]];
  const drums = (seed: number) =>
    sum(
      loud(sweep(120, 45, 0.5), struck([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0.09)),
      loud(loud(noise('white', seed), -8), struck([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5], 0.06)),
    );
  return [
    ...voices.flatMap(([name, voice]) =>
      each([0.12, 0.25, 0.5], (stepSec): Recipe => [`an arpeggio of ${name} waves, ${stepSec} s a note`, 8, () => loud(melody(voice, TUNE, { rootHz: 220, stepSec, decaySec: stepSec * 1.5 }), -10)]),
    ),
    ...each([82, 330, 880], (rootHz): Recipe => [`a tune on ${rootHz} Hz`, 10, () => loud(melody(sine, TUNE, { rootHz, stepSec: 0.3, decaySec: 0.3 }), -6)]),
    ['drums', 8, () => loud(drums(600), -4)],
    ['drums and bass', 10, () => sum(loud(drums(601), -6), loud(melody(saw, [0, 0, 3, -2], { rootHz: 55, stepSec: 0.5, decaySec: 0.4 }), -10))],
    ['a band', 12, () => sum(loud(drums(602), -9), loud(melody(saw, TUNE, { rootHz: 262, stepSec: 0.25, decaySec: 0.2 }), -14), loud(chord(sine, 131, MAJOR), -16))],
    ['a music box far away', 12, () => loud(melody(sine, TUNE, { rootHz: 1047, stepSec: 0.2, decaySec: 0.6 }), -38)],
    ['a bass guitar', 8, () => loud(melody(saw, [0, 7, 5, 3], { rootHz: 41, stepSec: 0.4, decaySec: 0.3 }), -6)],
    ['hold music by telephone', 15, () => resonance(sum(melody(square, TUNE, { rootHz: 330, stepSec: 0.35, decaySec: 0.3 }), loud(noise('pink', 603), -30)), 1000, 0.7)],
  ];
}

function breaths(): Recipe[] {
  const breath = (lengthSec: number, hz: number, at = 0.6) => loud(resonance(noise('pink', 700 + hz), hz, 1), swell(at, lengthSec));
  return [
    ...[600, 1500].flatMap((hz) => each([0.3, 0.7, 1.2], (lengthSec): Recipe => [`one breath of ${lengthSec} s around ${hz} Hz`, 2.5, () => loud(breath(lengthSec, hz), -4)])),
    ...each([-26, -14], (db): Recipe => [`somebody who breathes, ${db} dB`, 14, () => loud(sum(...[0.5, 3, 6, 8.5, 11].flatMap((at) => [breath(0.9, 1500, at), breath(1.1, 700, at + 1.2)])), db)]),
    ['breathing after a run', 8, () => loud(sum(...Array.from({ length: 9 }, (_, n) => breath(0.5, n % 2 === 0 ? 1400 : 800, 0.3 + 0.8 * n))), -6)],
    ['a sigh', 3, () => loud(loud(resonance(noise('pink', 710), 900, 0.8), (t) => (t < 0.5 ? 0 : Math.min(1, (t - 0.5) * 8) * Math.exp(-(t - 0.5) * 1.8))), -3)],
    ['a sniff', 2, () => loud(resonance(noise('white', 711), 3500, 1), swell(0.8, 0.25))],
    ['blowing into the microphone', 4, () => loud(loud(noise('brown', 712), -3), swell(0.5, 2.5))],
    ['snoring', 12, () => loud(sum(loud(saw(62), -6), loud(resonance(noise('pink', 713), 400, 1), -2)), (t) => 0.5 * swell(0.5, 1.4)(t % 4))],
  ];
}

function knocks(): Recipe[] {
  const wood = (hz: number, seed: number) => resonance(noise('white', seed), hz, 6);
  return [
    ...each([120, 250, 500], (hz): Recipe => [`three knocks at a door of ${hz} Hz`, 4, () => loud(wood(hz, 800 + hz), struck([1, 1.3, 1.6], 0.05))]),
    ...each([-30, -20], (db): Recipe => [`steps, ${db} dB`, 10, () => loud(loud(wood(140, 810), struck([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((n) => 0.3 + n * 0.58), 0.04)), db + 12)]),
    ['a hammer', 8, () => loud(sum(wood(900, 811), loud(sine(1800), -12)), struck([0.5, 1.1, 1.7, 2.3, 4, 4.6, 5.2], 0.06))],
    ['a door that slams', 3, () => loud(sum(loud(noise('brown', 812), 3), wood(90, 813)), struck([1], 0.15))],
    ['applause of one', 5, () => loud(resonance(noise('white', 814), 1200, 1), struck(moments(0.28, 5, 815), 0.02))],
    ['applause of many', 8, () => sum(...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => loud(loud(resonance(noise('white', 820 + n), 1000 + 150 * n, 1), struck(moments(0.25, 8, 830 + n), 0.02)), -8)))],
    ['handling of the microphone', 6, () => loud(loud(noise('brown', 840), 6), struck(moments(0.6, 6, 841), 0.08))],
    ['dishes', 8, () => loud(sum(sine(2730), sine(3910), sine(5120)), (t) => 0.25 * struck(moments(0.4, 8, 842), 0.05)(t))],
    ['paper', 7, () => loud(resonance(noise('blue', 843), 4500, 0.7), (t) => 2 * struck(moments(0.12, 7, 844), 0.03)(t))],
  ];
}

function weather(): Recipe[] {
  const gusts = (seed: number): Wave => {
    const parts = moments(1.6, 20, seed).map((at, n) => swell(at, 1.2 + (n % 4) * 0.7));
    return (t) => 0.15 + 0.5 * parts.reduce((total, part) => total + part(t), 0);
  };
  return [
    ...each([-30, -16, -6], (db, index): Recipe => [`wind of ${db} dB`, 15, () => loud(loud(noise('brown', 900 + index), gusts(910 + index)), db)]),
    ...each([400, 900], (hz): Recipe => [`wind that howls at ${hz} Hz`, 12, () => loud(resonance(noise('pink', 920), hz, 6), gusts(921 + hz))]),
    ['rain', 12, () => sum(loud(noise('white', 930), -34), loud(noise('white', 931), struck(moments(0.012, 12, 932), 0.002)))],
    ['waves at the sea', 20, () => loud(loud(noise('pink', 933), -4), (t) => 0.2 + 0.8 * swell(0, 7)(t % 7))],
    ['thunder', 9, () => loud(loud(noise('brown', 934), 6), (t) => struck([1, 1.3, 2.1, 4], 0.7)(t))],
    ['a tap that drips', 9, () => loud(sweep(700, 1900, 0.06), struck([0.5, 1.8, 3.1, 4.4, 5.7, 7], 0.02))],
    ['a shower', 8, () => loud(resonance(noise('white', 935), 3000, 0.5), -14)],
  ];
}

function machines(): Recipe[] {
  const engine = (hz: number, seed: number) => sum(loud(resonance(saw(hz), 200, 2), 4), loud(noise('pink', seed), -26));
  return [
    ...each([12, 25, 45], (hz): Recipe => [`an engine of ${hz} strokes a second`, 10, () => loud(engine(hz, 1000 + hz), -8)]),
    ['a car that passes', 10, () => loud(engine(38, 1010), swell(1, 8))],
    ['a motor cycle that speeds up', 8, () => loud(loud((t) => 2 * ((28 * t + 2.4 * t * t) % 1) - 1, -10), swell(0, 9))],
    ['a telephone that buzzes on a table', 8, () => loud(sum(loud(square(155), -12), loud(resonance(noise('white', 1011), 900, 3), -14)), gate(1.5, 0.45))],
    ['a hoover', 12, () => loud(sum(loud(noise('white', 1012), -14), loud(saw(290), -20)), between(1, 11))],
    ['a drill', 8, () => loud(loud(sum(saw(180), noise('white', 1013)), -12), gate(2.2, 0.6))],
    ['a train on its rails', 12, () => sum(loud(noise('brown', 1014), -10), loud(resonance(noise('white', 1015), 250, 3), struck([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((n) => [n, n + 0.16]), 0.05)))],
    ['a printer', 8, () => loud(loud(sum(saw(420), noise('white', 1016)), -14), (t) => gate(0.09, 0.6)(t) * gate(1.1, 0.8)(t))],
    ['interference of a mobile', 6, () => loud(loud(square(217), -10), (t) => gate(0.115, 0.3)(t) * gate(1.4, 0.5)(t))],
  ];
}

function animals(): Recipe[] {
  const chirp = (from: number, to: number, sec: number): Wave => loud(sweep(from, to, sec), -10);
  return [
    ['sparrows', 8, () => loud(chirp(3200, 4600, 0.07), (t) => gate(0.07, 0.8)(t) * gate(0.9, 0.4)(t))],
    ['a blackbird', 9, () => loud(melody(sine, [0, 5, 3, 9, 7, 12, 2], { rootHz: 1900, stepSec: 0.17, decaySec: 0.2 }), (t) => 0.4 * gate(1.6, 0.6)(t))],
    ['a cuckoo', 8, () => loud(melody(sine, [4, 0, -40, -40], { rootHz: 520, stepSec: 0.4, decaySec: 0.25 }), -8)],
    ['crickets', 10, () => loud(loud(sine(4300), -16), (t) => gate(0.03, 0.5)(t) * gate(0.5, 0.5)(t))],
    ['a fly', 8, () => loud(loud(saw(190), -18), (t) => 0.5 + 0.5 * Math.sin(1.7 * t) * Math.sin(0.6 * t))],
    ['somebody who whistles', 8, () => {
      const notes = [0, 2, 4, 5, 7, 5, 4, 2];
      let phase = 0;
      let hz = 900;
      return (t) => {
        hz += (900 * 2 ** ((notes[Math.floor(t / 0.45) % notes.length] ?? 0) / 12) - hz) / 600;
        phase += hz / 16_000;
        return 0.35 * Math.sin(2 * Math.PI * phase) * (t % 0.45 < 0.4 ? 1 : 0);
      };
    }],
  ];
}

function rhythms(): Recipe[] {
  return [
    ['noise and a tone in turn', 9, () => (t) => (t % 2 < 1 ? 0.2 * sine(500)(t) : 0)],
    ['a bell', 5, () => loud(sum(sine(523), loud(sine(1245), -4), loud(sine(2093), -8)), (t) => 0.4 * struck([0.3], 1.1)(t))],
    ['church bells', 12, () => loud(sum(sine(220), loud(sine(528), -3), loud(sine(1180), -9)), (t) => 0.4 * struck([0, 1.4, 2.8, 4.2, 5.6, 7, 8.4, 9.8], 0.9)(t))],
    ['a door bell', 4, () => loud(melody(sine, [4, 0, -60], { rootHz: 587, stepSec: 0.7, decaySec: 0.5 }), -5)],
    ['tones of a lift', 6, () => loud(loud(chord(sine, 660, [0, 7]), struck([0.5, 2.6], 0.5)), -4)],
    ['a game', 8, () => loud(melody(square, [0, 12, 7, 19, 12, 24, 3, 15], { rootHz: 196, stepSec: 0.08, decaySec: 0.15 }), -14)],
    ['a metronome', 10, () => loud(resonance(noise('white', 1100), 1800, 10), struck([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((n) => n / 2), 0.02))],
    ['a saw that is drawn to and fro', 8, () => loud(resonance(noise('white', 1101), 2500, 2), (t) => 0.6 * swell(0, 0.45)(t % 0.5))],
    ['brushing of teeth', 8, () => loud(resonance(noise('white', 1102), 3500, 1), (t) => 0.5 * swell(0, 0.13)(t % 0.15))],
  ];
}
