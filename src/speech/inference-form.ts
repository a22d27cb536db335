import { pcmDurationMs } from '../media/pcm.js';
import { encodeWav } from '../media/wav.js';
import { audioContextFor, FULL_AUDIO_CONTEXT } from './audio-context.js';
import type { EngineRequest } from './engine.js';
import type { FormField } from './loopback-request.js';
import { padded } from './padded.js';

/** whisper.cpp answers nothing to less than 100 ms and refuses no sound at all, so those are filled up with silence. */
const SHORTEST_SOUND_MS = 200;

/** The form in which whisper-server (examples/server/server.cpp) takes a request. */
export function inferenceForm(request: EngineRequest): FormField[] {
  const pcm = padded(request.pcm, SHORTEST_SOUND_MS);
  const audioContext = request.thorough === true ? FULL_AUDIO_CONTEXT : audioContextFor(pcmDurationMs(pcm));
  const temperature = request.temperature ?? 0;
  const fields = {
    language: request.language,
    response_format: 'verbose_json',
    temperature: String(temperature),
    // whisper.cpp itself goes on to higher ones, up to 1, and keeps the last, however wild. What is tried after a doubtful
    // result is the caller's to say: only where it already asked for chance may the engine double it.
    temperature_inc: String(temperature),
    audio_ctx: String(audioContext),
    // They cost another pass of the encoder.
    no_language_probabilities: String(request.languageProbabilities !== true),
    // The server would cut segments at 60 characters, in the middle of words.
    max_len: '100000',
    split_on_word: 'true',
    ...(request.prompt !== undefined && { prompt: request.prompt }),
  };
  return [
    ...Object.entries(fields).map(([name, value]) => ({ name, value })),
    { name: 'file', value: encodeWav(pcm), filename: 'window.wav' },
  ];
}
