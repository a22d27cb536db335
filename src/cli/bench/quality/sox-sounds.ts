/** A sound that sox makes: what stands after the output file, for example `synth 5 sine 440`. */
export interface SoxSound {
  name: string;
  effects: readonly string[];
}

const COLOURS = ['whitenoise', 'pinknoise', 'brownnoise'];

/** 200 sounds in which nobody speaks, as sox makes them: silence, noises, tones, sweeps, clicks, hum, chords. */
export function soxSounds(): SoxSound[] {
  const recipes = [
    ...[1, 2, 5, 10, 30].map((seconds) => `trim 0 ${seconds}`),
    ...COLOURS.flatMap((colour) => [0.003, 0.02, 0.1, 0.4, 0.9].flatMap((level) => [2, 12].map((seconds) => `synth ${seconds} ${colour} vol ${level}`))),
    ...COLOURS.flatMap((colour) => [1, 3, 5, 8].map((hz) => `synth 8 ${colour} tremolo ${hz} 95 vol 0.5`)),
    ...COLOURS.flatMap((colour) => ['300-3400', '1k-3k', '100-600'].map((band) => `synth 7 ${colour} sinc ${band} vol 0.5`)),
    ...COLOURS.map((colour) => `synth 6 ${colour} fade 1 6 2 pad 1 1`),
    ...COLOURS.map((colour) => `synth 0.8 ${colour} sinc 400-2500 fade h 0.3 0.8 0.4 pad 1 1.5 repeat 3`),
    ...['sine', 'square', 'sawtooth', 'triangle'].flatMap((shape) => [60, 150, 440, 1200, 3500].flatMap((hz) => [0.05, 0.5].map((level) => `synth 4 ${shape} ${hz} vol ${level}`))),
    ...['sine', 'sawtooth'].flatMap((shape) => [150, 300].flatMap((hz) => [2, 4, 7].map((beat) => `synth 6 ${shape} ${hz} tremolo ${beat} 90 vol 0.4`))),
    ...['sine', 'square', 'sawtooth'].flatMap((shape) => ['100-3000', '3000-100', '150+300', '80:4000', '400/90'].map((sweep) => `synth 5 ${shape} ${sweep} vol 0.3`)),
    ...[0.3, 1, 2, 3, 6, 12, 20].map((perSec) => `synth 0.004 whitenoise pad 0 ${1 / perSec} repeat ${Math.ceil(6 * perSec)}`),
    ...[0.4, 0.7, 1.1, 2.5].map((gapSec) => `synth 0.06 brownnoise fade 0 0.06 0.05 gain -n -1 pad 0 ${gapSec} repeat 8`),
    ...[50, 60, 100].flatMap((hz) => [0.05, 0.4].flatMap((level) => ['square', 'sawtooth'].map((shape) => `synth 8 ${shape} ${hz} lowpass 500 vol ${level}`))),
    ...['C3', 'A3', 'E4'].flatMap((note) => [0.8, 3].map((seconds) => `synth ${seconds} pluck ${note} pad 0 0.5 repeat 3 vol 0.8`)),
    ...['sine', 'triangle', 'sawtooth', 'pluck'].flatMap((shape) => ['C3 E3 G3', 'A2 C3 E3', 'D4 F4 A4'].map((notes) => chordOf(shape, notes))),
    ...['sine', 'triangle'].flatMap((shape) => ['C4', 'A3'].map((note) => `synth 0.4 ${shape} ${note} fade 0.01 0.4 0.2 pad 0 0.1 repeat 9 vol 0.5`)),
    ...[0.1, 0.25, 0.6].map((seconds) => `synth ${seconds} sine 500-2500 fade 0.01 ${seconds} 0.05 pad 0 0.4 repeat 9 vol 0.5`),
    ...['sine', 'sawtooth'].flatMap((shape) => [5, 7].map((hz) => `synth 6 ${shape} 220 bend .5,300,1 .5,-300,1 tremolo ${hz} 40 vol 0.4`)),
    ...['pinknoise', 'brownnoise'].flatMap((colour) => [0.15, 0.4].flatMap((hz) => [300, 1200].map((cut) => `synth 14 ${colour} lowpass ${cut} tremolo ${hz} 90 vol 0.8`))),
    ...['sine 697 sine 1209', 'sine 941 sine 1477', 'sine 350 sine 440'].map((pair) => `synth 0.2 ${pair} remix - pad 0 0.15 repeat 12 vol 0.5`),
    ...[0.2, 0.5].map((gapSec) => `synth 0.12 whitenoise sinc 500-2500 fade 0 0.12 0.1 pad 0 ${gapSec} repeat 14 reverb 40 vol 0.6`),
    ...['sawtooth', 'square'].flatMap((shape) => ['20-60', '60-30', '25+70'].map((sweep) => `synth 7 ${shape} ${sweep} lowpass 900 vol 0.5`)),
  ];
  return recipes.map((recipe) => ({ name: recipe, effects: recipe.split(' ') }));
}

function chordOf(shape: string, notes: string): string {
  const voices = notes.split(' ').map((note) => `${shape} ${note}`);
  return `synth 4 ${voices.join(' ')} remix - fade 0.05 4 1 vol 0.7`;
}
