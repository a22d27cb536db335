/** Records from the microphone, in whatever format this browser has. */
export class Recorder {
  #recorder;
  #startedMs = 0;

  static get isPossible() {
    return typeof MediaRecorder === 'function' && navigator.mediaDevices !== undefined;
  }

  get isOn() {
    return this.#recorder !== undefined;
  }

  get elapsedSec() {
    return this.isOn ? (performance.now() - this.#startedMs) / 1000 : 0;
  }

  /** Rejects where the viewer or the browser does not give the microphone. */
  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.#recorder = new MediaRecorder(stream);
    this.#startedMs = performance.now();
    this.#recorder.start();
  }

  /** Resolves with the recording, and gives the microphone back. */
  async stop() {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    const parts = [];
    const ended = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.stop();
    await ended;
    for (const track of recorder.stream.getTracks()) track.stop();
    return new Blob(parts, { type: recorder.mimeType });
  }
}
