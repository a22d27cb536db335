const BLOCK_FRAMES = 1600;
/** Of what was heard before, how much counts beside the next block (100 ms): about half a second is remembered. */
const MEMORY = 0.8;
/** Two channels that cancel each other this much better than they add up were recorded with one of them turned over. */
const TURNED_BY = 8;

/**
 * Two channels become one: their mean, or half of their difference where one of them is the other upside down (a cable or
 * a microphone with its poles changed), which as a mean would be silence.
 */
export class StereoDownmix {
  #sum = 0;
  #difference = 0;
  #isTurned = false;

  /** `interleaved` holds whole pairs. */
  mix(interleaved: Int16Array): Int16Array<ArrayBuffer> {
    const mono = new Int16Array(interleaved.length / 2);
    for (let from = 0; from < mono.length; from += BLOCK_FRAMES) {
      const to = Math.min(mono.length, from + BLOCK_FRAMES);
      this.#look(interleaved, from, to);
      const sign = this.#isTurned ? -1 : 1;
      for (let at = from; at < to; at += 1) {
        // Towards zero, so that the difference of full scale fits.
        mono[at] = Math.trunc(((interleaved[2 * at] ?? 0) + sign * (interleaved[2 * at + 1] ?? 0)) / 2);
      }
    }
    return mono;
  }

  #look(interleaved: Int16Array, from: number, to: number): void {
    let sum = 0;
    let difference = 0;
    for (let at = from; at < to; at += 1) {
      const left = interleaved[2 * at] ?? 0;
      const right = interleaved[2 * at + 1] ?? 0;
      sum += (left + right) ** 2;
      difference += (left - right) ** 2;
    }
    // Weighed by the amplitude: by its energy, a bang would decide over all that is said in the seconds after it.
    const amplitude = Math.sqrt(sum + difference);
    this.#sum = this.#sum * MEMORY + (amplitude === 0 ? 0 : sum / amplitude);
    this.#difference = this.#difference * MEMORY + (amplitude === 0 ? 0 : difference / amplitude);
    this.#isTurned = this.#isTurned ? this.#difference > this.#sum : this.#difference > TURNED_BY * this.#sum;
  }
}
