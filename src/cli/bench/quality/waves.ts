import { SAMPLE_RATE_HZ, type Pcm } from '../../../media/pcm.js';
import { seededRandom } from './seeded-random.js';

/** A sound as a function of time in seconds, in [-1, 1]; asked for every sample once and in order. */
export type Wave = (seconds: number) => number;

const TURN = 2 * Math.PI;

export function render(seconds: number, wave: Wave): Pcm {
  const samples = new Int16Array(Math.round(seconds * SAMPLE_RATE_HZ));
  for (let at = 0; at < samples.length; at += 1) {
    samples[at] = Math.round(32_767 * Math.max(-1, Math.min(1, wave(at / SAMPLE_RATE_HZ))));
  }
  return { samples };
}

export const nothing: Wave = () => 0;

export function sine(hz: number): Wave {
  return (t) => Math.sin(TURN * hz * t);
}

export function saw(hz: number): Wave {
  return (t) => 2 * ((hz * t) % 1) - 1;
}

export function square(hz: number): Wave {
  return (t) => ((hz * t) % 1 < 0.5 ? 1 : -1);
}

/** A tone that goes from one pitch to another, again and again. */
export function sweep(fromHz: number, toHz: number, periodSec: number): Wave {
  let phase = 0;
  return (t) => {
    phase += (fromHz * (toHz / fromHz) ** ((t % periodSec) / periodSec)) / SAMPLE_RATE_HZ;
    return Math.sin(TURN * phase);
  };
}

export type NoiseColour = 'white' | 'pink' | 'brown' | 'blue';

/** Noise whose loudest moments reach about 1. */
export function noise(colour: NoiseColour, seed: number): Wave {
  const random = seededRandom(seed);
  const white = () => 2 * random() - 1;
  if (colour === 'white') return white;
  if (colour === 'blue') {
    let before = 0;
    return () => {
      const now = white();
      const step = (now - before) / 2;
      before = now;
      return step;
    };
  }
  if (colour === 'brown') {
    let level = 0;
    return () => {
      level = 0.995 * level + 0.06 * white();
      return level;
    };
  }
  // Paul Kellet's three-pole approximation of 1/f.
  const poles: [number, number, number][] = [[0.99765, 0.099046, 0], [0.963, 0.2965164, 0], [0.57, 1.0526913, 0]];
  return () => {
    const now = white();
    for (const pole of poles) pole[2] = pole[0] * pole[2] + pole[1] * now;
    return (poles.reduce((sum, pole) => sum + pole[2], 0) + 0.1848 * now) / 4;
  };
}

/** What a resonance at `hz` lets through; the higher `q`, the narrower (the band-pass of Bristow-Johnson's cookbook). */
export function resonance(source: Wave, hz: number, q: number): Wave {
  const w = (TURN * hz) / SAMPLE_RATE_HZ;
  const alpha = Math.sin(w) / (2 * q);
  const [b, a1, a2] = [alpha / (1 + alpha), (-2 * Math.cos(w)) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return (t) => {
    const x = source(t);
    const y = b * (x - x2) - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  };
}

export function sum(...waves: Wave[]): Wave {
  return (t) => waves.reduce((total, wave) => total + wave(t), 0);
}

/** `wave` as loud as `loudness` says; a number is decibels below full scale. */
export function loud(wave: Wave, loudness: number | Wave): Wave {
  if (typeof loudness === 'number') {
    const gain = 10 ** (loudness / 20);
    return (t) => gain * wave(t);
  }
  return (t) => wave(t) * loudness(t);
}

/** 1 between the two moments, 0 elsewhere, with edges of 5 ms. */
export function between(fromSec: number, toSec: number): Wave {
  return (t) => Math.max(0, Math.min(1, (t - fromSec) / 0.005, (toSec - t) / 0.005));
}

/** Swells and falls again like half a sine: a breath, a gust. */
export function swell(fromSec: number, lengthSec: number): Wave {
  return (t) => (t < fromSec || t > fromSec + lengthSec ? 0 : Math.sin((Math.PI * (t - fromSec)) / lengthSec) ** 2);
}

/** Struck at each of the moments, then dying away with this time constant. */
export function struck(moments: readonly number[], decaySec: number): Wave {
  return (t) => {
    let level = 0;
    for (const moment of moments) if (t >= moment && t < moment + 8 * decaySec) level = Math.exp((moment - t) / decaySec);
    return level;
  };
}

/** On for a share of each period. */
export function gate(periodSec: number, share: number): Wave {
  return (t) => (t % periodSec < periodSec * share ? 1 : 0);
}

/** Goes up and down between 1 - depth and 1. */
export function tremolo(hz: number, depth: number): Wave {
  return (t) => 1 - (depth * (1 - Math.cos(TURN * hz * t))) / 2;
}

/** Moments at random distances around `everySec`, up to `untilSec`. */
export function moments(everySec: number, untilSec: number, seed: number): number[] {
  const random = seededRandom(seed);
  const all: number[] = [];
  for (let t = everySec * random(); t < untilSec; t += everySec * (0.4 + 1.2 * random())) all.push(t);
  return all;
}

/** One note after the other, each struck; a note is a distance in semitones from `rootHz`. */
export function melody(voice: (hz: number) => Wave, notes: readonly number[], { rootHz, stepSec, decaySec }: { rootHz: number; stepSec: number; decaySec: number }): Wave {
  const voices = notes.map((note) => voice(rootHz * 2 ** (note / 12)));
  return (t) => {
    const step = Math.floor(t / stepSec);
    const sinceSec = t - step * stepSec;
    return (voices[step % voices.length]?.(t) ?? 0) * Math.min(1, sinceSec / 0.005) * Math.exp(-sinceSec / decaySec);
  };
}

export function chord(voice: (hz: number) => Wave, rootHz: number, notes: readonly number[]): Wave {
  const all = sum(...notes.map((note) => voice(rootHz * 2 ** (note / 12))));
  return (t) => all(t) / notes.length;
}
