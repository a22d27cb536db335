import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';

/** The release of whisper.cpp that is built and run. */
export const WHISPER_CPP_VERSION = '1.9.1';

/**
 * A way to compile the engine. `flags` go to cmake; libraries that `withoutLibraries` matches are not kept.
 *
 * @typedef {{ name: string, flags: readonly string[], withoutLibraries?: RegExp }} EngineProfile
 */

/** The programs of the engine; all stand in `bin/`. `whisper-quantize` is there for the canary. */
export const ENGINE_PROGRAMS = /** @type {const} */ ([
  'whisper-server',
  'whisper-cli',
  'whisper-vad-speech-segments',
  'whisper-quantize',
]);

/**
 * The server answers one request after another, so one worker is enough. Each of its eight would have a team of OpenMP
 * threads of its own, and libgomp, which counts them all, then lets none of them spin: 2.5 s in place of 2.0 s for 30 s of speech.
 */
const ONE_WORKER = '-DCPPHTTPLIB_THREAD_POOL_COUNT=1';

const COMMON_FLAGS = [
  `-DCMAKE_CXX_FLAGS=${ONE_WORKER}`,
  '-DCMAKE_BUILD_TYPE=Release',
  '-DBUILD_SHARED_LIBS=OFF',
  '-DWHISPER_BUILD_TESTS=OFF',
  '-DWHISPER_BUILD_EXAMPLES=ON',
  '-DWHISPER_BUILD_SERVER=ON',
  // The host's default may build for Metal or BLAS; the program promises the CPU.
  '-DGGML_METAL=OFF',
  '-DGGML_BLAS=OFF',
  '-DGGML_CCACHE=OFF',
];

const WITHOUT_AMX = '-mno-amx-tile -mno-amx-int8 -mno-amx-bf16';

// With GGML_NATIVE off, ggml still asks for these by default.
const X64_LEVELS = ['SSE42', 'AVX', 'AVX2', 'BMI2', 'FMA', 'F16C'];

/**
 * The ways to compile, fastest first. Each is tried until one passes the canary: `native` trusts the CPU's flags;
 * `native-no-amx` leaves out AMX, which some hypervisors announce and then trap; `avx2` wants a CPU of 2013 or later;
 * `plain` uses only what any 64-bit CPU has.
 *
 * @param {string} arch `process.arch`
 * @returns {readonly EngineProfile[]}
 */
export function engineProfiles(arch) {
  const native = { name: 'native', flags: [...COMMON_FLAGS, '-DGGML_NATIVE=ON'] };
  const portable = [...COMMON_FLAGS, '-DGGML_NATIVE=OFF'];
  if (arch !== 'x64') return [native, { name: 'plain', flags: portable }];
  return [
    native,
    { name: 'native-no-amx', flags: [...native.flags, `-DCMAKE_C_FLAGS=${WITHOUT_AMX}`, `-DCMAKE_CXX_FLAGS=${ONE_WORKER} ${WITHOUT_AMX}`] },
    { name: 'avx2', flags: portable },
    { name: 'plain', flags: [...portable, ...X64_LEVELS.map((level) => `-DGGML_${level}=OFF`)] },
  ];
}

/**
 * For an image that is built on one machine and run on another: a library of kernels for every generation of CPU, chosen
 * when it runs. AMX is left out (`withoutLibraries`): the choice would trust the flags, and some hypervisors trap it.
 *
 * @type {EngineProfile}
 */
export const ALL_VARIANTS = {
  name: 'all-variants',
  flags: [
    ...COMMON_FLAGS.filter((flag) => !flag.startsWith('-DBUILD_SHARED_LIBS')),
    '-DBUILD_SHARED_LIBS=ON',
    '-DGGML_NATIVE=OFF',
    '-DGGML_BACKEND_DL=ON',
    '-DGGML_CPU_ALL_VARIANTS=ON',
    '-DCMAKE_BUILD_WITH_INSTALL_RPATH=ON',
    '-DCMAKE_INSTALL_RPATH=$ORIGIN',
  ],
  withoutLibraries: /sapphirerapids/,
};

/**
 * What makes this machine's CPU different from another's for a compiler: its model and its instruction sets. A cache that
 * moves to another machine (an image, a shared home) is not taken for its own.
 *
 * @returns {string}
 */
export function cpuIdentity() {
  const model = os.cpus()[0]?.model ?? 'unknown';
  return [os.platform(), os.arch(), model, cpuFeatures()].join('\n');
}

/** @returns {string} */
function cpuFeatures() {
  if (os.platform() !== 'linux') return '';
  const lines = readFileSync('/proc/cpuinfo', 'utf8').split('\n');
  return lines.find((line) => /^(flags|Features)\s*:/.test(line)) ?? '';
}

/**
 * The folder name of one build: version, architecture, profile, and a hash of everything that the binary depends on.
 *
 * @param {EngineProfile} profile
 * @param {{ arch: string, cpu: string }} machine
 * @returns {string}
 */
export function engineFolder(profile, { arch, cpu }) {
  const hash = createHash('sha256').update([...profile.flags, cpu].join('\n')).digest('hex').slice(0, 12);
  return `whisper.cpp-${WHISPER_CPP_VERSION}-${arch}-${profile.name}-${hash}`;
}
