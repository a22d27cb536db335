import { createRequire } from 'node:module';

/**
 * One transcription by the npm package `whisper-node`, in a process of its own, because the package changes the working
 * directory, may end the process, and logs errors instead of throwing them. It is told one `ChildTask` by IPC and answers with
 * what it left in the task's folder: `window.wav.vtt`, or nothing.
 *
 * @typedef {object} ChildTask
 * @property {string} entry the package's main file
 * @property {string} folder where `main`, `model.bin` and `window.wav` lie, and nothing else
 * @property {string} language a code of Whisper's, or `auto`
 */

// The parent is gone, and with it whoever would want the text: this process, its shell and the program are one group.
const endGroup = () => process.kill(-process.pid, 'SIGKILL');
process.once('disconnect', endGroup);

process.once('message', (/** @type {ChildTask} */ task) => {
  void run(task)
    .catch((/** @type {unknown} */ error) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    })
    .finally(() => {
      process.off('disconnect', endGroup);
      process.disconnect();
    });
});

/** @param {ChildTask} task @returns {Promise<void>} */
async function run({ entry, folder, language }) {
  const { whisper } = /** @type {import('./whisper-node.d.ts').WhisperNode} */ (createRequire(entry)(entry));
  // The package hands a line to a shell; from here all that stands in it are the constants below and the code of a language.
  process.chdir(folder);
  const whisperOptions = { language, gen_file_vtt: true };
  // Not silent: the language that was heard is only in what the program says.
  await whisper('window.wav', { modelPath: 'model.bin', whisperOptions, shellOptions: { silent: false, async: true } });
}
