/**
 * What recognition does beyond giving sound to an engine, each of which can be left out to measure what it earns:
 * `detector` (else the whole recording counts as speech), `windows` cut at pauses (else wherever they are full),
 * `fitContext` (else always the whole encoder), `retry` of doubtful windows, `gates` against invented text, the list of
 * `phantoms`, `snapTimes` to detected speech.
 */
export type Mechanism = 'detector' | 'windows' | 'fitContext' | 'retry' | 'gates' | 'phantoms' | 'snapTimes';

export type Mechanisms = Readonly<Record<Mechanism, boolean>>;

export const ALL_MECHANISMS: Mechanisms = {
  detector: true,
  windows: true,
  fitContext: true,
  retry: true,
  gates: true,
  phantoms: true,
  snapTimes: true,
};
