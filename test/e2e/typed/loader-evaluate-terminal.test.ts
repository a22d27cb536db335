import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { evaluateScript } from './scripts/evaluate-script.js';
import { loaderScript } from './scripts/loader-script.js';
import { terminalScript } from './scripts/terminal-script.js';
import { typedTogether } from './typist.js';

const folder = mkdtempSync(join(tmpdir(), 'gramscribe-typed-'));
const work = join(folder, 'work');
afterAll(() => rm(folder, { recursive: true, force: true }));

// What starts processes of its own, at one daemon for each language.
typedTogether(
  { evaluate: evaluateScript, terminal: terminalScript(work), loader: loaderScript(folder) },
  { DANGEROUS_MODULES: 'evaluate,terminal', TERMINAL_SHELL: 'on', TERMINAL_DIR: work, GRAMSCRIBE_MODULES_DIR: folder },
);
