import type { Recognition } from '../../speech/transcript.js';
import type { KeptTranscript, VoiceDependencies } from '../voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../voice-job.js';

/** The transcript is kept before it is sent: a try that fails later does not transcribe again, nor send other words. */
export async function recordTranscript(
  jobId: string,
  result: { text: string; recognition: Recognition; stageMs: Readonly<Record<string, number>> },
  deps: Pick<VoiceDependencies, 'transcripts' | 'checkpoints' | 'clock'>,
): Promise<KeptTranscript> {
  const transcript = { ...result, atMs: deps.clock.nowMs() };
  await deps.transcripts.save(jobId, transcript);
  await deps.checkpoints.forget(jobId);
  return transcript;
}

/** ⑨ The answer stands in the chat: from here on the job is done, for ever. */
export async function recordAnswer(
  job: VoiceJob,
  transcript: KeptTranscript,
  deps: Pick<VoiceDependencies, 'receipts' | 'transcripts' | 'clock'>,
): Promise<void> {
  const outcome = transcript.text === '' ? 'no-speech' : 'text';
  await deps.receipts.markDone(voiceJobId(job), deps.clock.nowMs(), outcome);
  await deps.transcripts.countOutcome(job.accountId, outcome, transcript.recognition.audioMs);
}
