/**
 * The models that the program knows. Checksums of Whisper models: those of the table in whisper.cpp 1.9.1's
 * `models/README.md` (a test holds them against it), of quantized ones that of https://huggingface.co/ggerganov/whisper.cpp.
 *
 * @typedef {object} CatalogueModel
 * @property {string} name
 * @property {number} approximateBytes for lists and for the check of free space; the checksum decides what is whole
 * @property {number} memoryBytes what the engine has of the machine's memory while it works with the model
 * @property {'sha1' | 'sha256'} algorithm
 * @property {string} checksum lower-case hex
 * @property {boolean} isMultilingual
 */

export const DEFAULT_MODEL = 'base';

const MIB = 2 ** 20;

/**
 * What the engine takes beside the file itself (key and value caches, compute buffers), by the model's shape; the longest
 * prefix counts. whisper.cpp's README has 273, 388, 852 MB, 2.1 and 3.9 GB for the whole of tiny, base, small, medium and
 * large. Its server of 1.9.1 was measured to need less (README.md, "What a model costs"), the same for the quantized forms
 * of a shape; those figures are used. Large was not measured: whisper.cpp's own figure stands.
 */
const MEMORY_BESIDE_FILE_MIB = { tiny: 75, base: 98, small: 168, medium: 312, large: 770, 'large-v3-turbo': 181 };

/** @param {string} name @param {number} fileBytes @returns {number} */
function memoryOf(name, fileBytes) {
  const shapes = Object.entries(MEMORY_BESIDE_FILE_MIB).filter(([shape]) => name.startsWith(shape));
  const [, mebibytes] = shapes.at(-1) ?? ['', 0];
  return fileBytes + mebibytes * MIB;
}

/** @param {string} name @param {number} bytes @param {string} checksum @returns {CatalogueModel} */
function whisper(name, bytes, checksum) {
  return {
    name,
    approximateBytes: bytes,
    memoryBytes: memoryOf(name, bytes),
    algorithm: 'sha1',
    checksum,
    isMultilingual: !/\.en(-|$)/.test(name),
  };
}

/** The model of the repository: it knows some hundred words, for tests and the demo. */
export const BUNDLED_MODEL = {
  name: 'nano',
  approximateBytes: 18_750_699,
  memoryBytes: 18_750_699 + 75 * MIB,
  /** @type {'sha256'} */
  algorithm: 'sha256',
  /** of the unpacked file */
  checksum: '5935a3b1e74824dbd895fdf7dfbe31dcc673db808cfff36490e7da26ddeae02c',
  isMultilingual: true,
};

/** What finds speech in sound; every set-up wants it beside the model. */
export const DETECTOR = {
  name: 'silero-v6.2.0',
  approximateBytes: 885_098,
  memoryBytes: 20 * MIB,
  /** @type {'sha256'} */
  algorithm: 'sha256',
  checksum: '2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987',
  isMultilingual: true,
};

/** Speech models to choose from, small to large. @type {readonly CatalogueModel[]} */
export const SPEECH_MODELS = [
  whisper('tiny', 77_691_713, 'bd577a113a864445d4c299885e0cb97d4ba92b5f'),
  whisper('tiny-q5_1', 32_152_673, '2827a03e495b1ed3048ef28a6a4620537db4ee51'),
  whisper('tiny-q8_0', 43_537_433, '19e8118f6652a650569f5a949d962154e01571d9'),
  whisper('tiny.en', 77_704_715, 'c78c86eb1a8faa21b369bcd33207cc90d64ae9df'),
  whisper('tiny.en-q5_1', 32_166_155, '3fb92ec865cbbc769f08137f22470d6b66e071b6'),
  whisper('tiny.en-q8_0', 43_550_795, '802d6668e7d411123e672abe4cb6c18f12306abb'),
  whisper('base', 147_951_465, '465707469ff3a37a2b9b8d8f89f2f99de7299dac'),
  whisper('base-q5_1', 59_707_625, 'a3733eda680ef76256db5fc5dd9de8629e62c5e7'),
  whisper('base-q8_0', 81_768_585, '7bb89bb49ed6955013b166f1b6a6c04584a20fbe'),
  whisper('base.en', 147_964_211, '137c40403d78fd54d454da0f9bd998f78703390c'),
  whisper('base.en-q5_1', 59_721_011, 'd26d7ce5a1b6e57bea5d0431b9c20ae49423c94a'),
  whisper('base.en-q8_0', 81_781_811, 'bb1574182e9b924452bf0cd1510ac034d323e948'),
  whisper('small', 487_601_967, '55356645c2b361a969dfd0ef2c5a50d530afd8d5'),
  whisper('small-q5_1', 190_085_487, '6fe57ddcfdd1c6b07cdcc73aaf620810ce5fc771'),
  whisper('small-q8_0', 264_464_607, 'bcad8a2083f4e53d648d586b7dbc0cd673d8afad'),
  whisper('small.en', 487_614_201, 'db8a495a91d927739e50b3fc1cc4c6b8f6c2d022'),
  whisper('small.en-q5_1', 190_098_681, '20f54878d608f94e4a8ee3ae56016571d47cba34'),
  whisper('small.en-q8_0', 264_477_561, '9d75ff4ccfa0a8217870d7405cf8cef0a5579852'),
  whisper('medium', 1_533_763_059, 'fd9727b6e1217c2f614f9b698455c4ffd82463b4'),
  whisper('medium-q5_0', 539_212_467, '7718d4c1ec62ca96998f058114db98236937490e'),
  whisper('medium-q8_0', 823_369_779, 'e66645948aff4bebbec71b3485c576f3d63af5d6'),
  whisper('medium.en', 1_533_774_781, '8c30f0e44ce9560643ebd10bbe50cd20eafd3723'),
  whisper('medium.en-q5_0', 539_225_533, 'bb3b5281bddd61605d6fc76bc5b92d8f20284c3b'),
  whisper('medium.en-q8_0', 823_382_461, 'b1cf48c12c807e14881f634fb7b6c6ca867f6b38'),
  whisper('large-v1', 3_094_623_691, 'b1caaf735c4cc1429223d5a74f0f4d0b9b59a299'),
  whisper('large-v2', 3_094_623_691, '0f4c8e34f21cf1a914c59d8b3ce882345ad349d6'),
  whisper('large-v2-q5_0', 1_080_732_091, '00e39f2196344e901b3a2bd5814807a769bd1630'),
  whisper('large-v2-q8_0', 1_656_129_691, 'da97d6ca8f8ffbeeb5fd147f79010eeea194ba38'),
  whisper('large-v3', 3_095_033_483, 'ad82bf6a9043ceed055076d0fd39f5f186ff8062'),
  whisper('large-v3-q5_0', 1_081_140_203, 'e6e2ed78495d403bef4b7cff42ef4aaadcfea8de'),
  whisper('large-v3-turbo', 1_624_555_275, '4af2b29d7ec73d781377bfd1758ca957a807e941'),
  whisper('large-v3-turbo-q5_0', 574_041_195, 'e050f7970618a659205450ad97eb95a18d69c9ee'),
  whisper('large-v3-turbo-q8_0', 874_188_075, '01bf15bedffe9f39d65c1b6ff9b687ea91f59e0e'),
];

/**
 * @param {string} name
 * @returns {CatalogueModel | undefined} also the bundled model and the detector
 */
export function catalogueModel(name) {
  return [BUNDLED_MODEL, DETECTOR, ...SPEECH_MODELS].find((model) => model.name === name);
}

const UPSTREAM = {
  whisper: 'https://huggingface.co/ggerganov/whisper.cpp/resolve/main',
  detector: 'https://huggingface.co/ggml-org/whisper-vad/resolve/main',
};

/**
 * Where a model is downloaded from. A mirror has all files, the detector's too, in one folder.
 *
 * @param {CatalogueModel} model
 * @param {string} [mirror]
 * @returns {string}
 */
export function modelUrl(model, mirror) {
  const base = mirror ?? (model.name === DETECTOR.name ? UPSTREAM.detector : UPSTREAM.whisper);
  return `${base.replace(/\/+$/, '')}/ggml-${model.name}.bin`;
}
