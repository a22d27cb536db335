// npm run test:teleproto [-- VITEST ARGUMENTS]: the end-to-end suite with `telegram` being teleproto, in a copy of this
// checkout, so that neither node_modules nor the lock file here is touched.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TELEPROTO = 'telegram@npm:teleproto@1.229.0';
const root = fileURLToPath(new URL('../../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'gramscribe-teleproto-'));

/** @param {string} program @param {string[]} args */
function run(program, args) {
  console.log(`> ${program} ${args.join(' ')}`);
  const { status } = spawnSync(program, args, { cwd: copy, stdio: 'inherit' });
  return status ?? 1;
}

let status = 1;
try {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of files.toString().split('\0').filter(Boolean)) {
    cpSync(join(root, file), join(copy, file), { recursive: true, force: true });
  }
  status =
    run('npm', ['ci', '--no-audit', '--no-fund']) ||
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', TELEPROTO]) ||
    run('npx', ['tsc', '-p', 'tsconfig.build.json']) ||
    run('npx', ['vitest', 'run', ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/e2e', 'test/telegram'])]);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = status;
