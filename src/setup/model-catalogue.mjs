/**
 * The models that the program knows. Whisper models: the f16 rows are the table of whisper.cpp 1.9.1's `models/README.md`
 * (a test holds them against it), the quantized ones that of https://huggingface.co/ggerganov/whisper.cpp.
 *
 * @typedef {object} CatalogueModel
 * @property {string} name
 * @property {number} approximateBytes for lists and for the check of free space; the checksum decides what is whole
 * @property {'sha1' | 'sha256'} algorithm
 * @property {string} checksum lower-case hex
 * @property {boolean} isMultilingual
 */

export const DEFAULT_MODEL = 'base';

const MIB = 2 ** 20;

/** @param {string} name @param {number} mebibytes @param {string} checksum @returns {CatalogueModel} */
function whisper(name, mebibytes, checksum) {
  return {
    name,
    approximateBytes: mebibytes * MIB,
    algorithm: 'sha1',
    checksum,
    isMultilingual: !/\.en(-|$)/.test(name),
  };
}

/** The model of the repository: it knows some hundred words, for tests and the demo. */
export const BUNDLED_MODEL = {
  name: 'nano',
  approximateBytes: 18_750_699,
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
  /** @type {'sha256'} */
  algorithm: 'sha256',
  checksum: '2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987',
  isMultilingual: true,
};

/** Speech models to choose from, small to large. @type {readonly CatalogueModel[]} */
export const SPEECH_MODELS = [
  whisper('tiny', 75, 'bd577a113a864445d4c299885e0cb97d4ba92b5f'),
  whisper('tiny-q5_1', 31, '2827a03e495b1ed3048ef28a6a4620537db4ee51'),
  whisper('tiny-q8_0', 42, '19e8118f6652a650569f5a949d962154e01571d9'),
  whisper('tiny.en', 75, 'c78c86eb1a8faa21b369bcd33207cc90d64ae9df'),
  whisper('base', 142, '465707469ff3a37a2b9b8d8f89f2f99de7299dac'),
  whisper('base-q5_1', 57, 'a3733eda680ef76256db5fc5dd9de8629e62c5e7'),
  whisper('base-q8_0', 78, '7bb89bb49ed6955013b166f1b6a6c04584a20fbe'),
  whisper('base.en', 142, '137c40403d78fd54d454da0f9bd998f78703390c'),
  whisper('small', 466, '55356645c2b361a969dfd0ef2c5a50d530afd8d5'),
  whisper('small-q5_1', 181, '6fe57ddcfdd1c6b07cdcc73aaf620810ce5fc771'),
  whisper('small-q8_0', 252, 'bcad8a2083f4e53d648d586b7dbc0cd673d8afad'),
  whisper('small.en', 466, 'db8a495a91d927739e50b3fc1cc4c6b8f6c2d022'),
  whisper('medium', 1536, 'fd9727b6e1217c2f614f9b698455c4ffd82463b4'),
  whisper('medium-q5_0', 514, '7718d4c1ec62ca96998f058114db98236937490e'),
  whisper('medium-q8_0', 785, 'e66645948aff4bebbec71b3485c576f3d63af5d6'),
  whisper('medium.en', 1536, '8c30f0e44ce9560643ebd10bbe50cd20eafd3723'),
  whisper('large-v2', 2970, '0f4c8e34f21cf1a914c59d8b3ce882345ad349d6'),
  whisper('large-v2-q5_0', 1126, '00e39f2196344e901b3a2bd5814807a769bd1630'),
  whisper('large-v3', 2970, 'ad82bf6a9043ceed055076d0fd39f5f186ff8062'),
  whisper('large-v3-q5_0', 1126, 'e6e2ed78495d403bef4b7cff42ef4aaadcfea8de'),
  whisper('large-v3-turbo', 1536, '4af2b29d7ec73d781377bfd1758ca957a807e941'),
  whisper('large-v3-turbo-q5_0', 547, 'e050f7970618a659205450ad97eb95a18d69c9ee'),
  whisper('large-v3-turbo-q8_0', 834, '01bf15bedffe9f39d65c1b6ff9b687ea91f59e0e'),
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
