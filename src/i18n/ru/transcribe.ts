import type { transcribe as en } from '../en/transcribe.js';

export const transcribe: typeof en = {
  problems: {
    'broken-audio': 'это не аудио и не видео, которое можно прочитать',
    'no-audio': 'в файле нет звука',
    'too-large': 'файл слишком большой',
    'too-long': 'запись длиннее, чем разрешено',
    deleted: 'файла больше нет',
    'cannot-write': 'некуда записать',
    engine: 'не удалось распознать речь',
    download: 'файл не удалось прочитать',
    'no-space': 'нет места на диске',
    internal: 'ошибка в программе',
  },
  problem: (file, what) => `${file}: ${what}`,
  noSpeech: (file) => `${file}: речи нет`,
  progress: (file, at) => `[${at.number}/${at.of}] ${file}`,
  percent: (percent) => `${percent} %`,
  bundledModel: (model) =>
    `Модели ${model} здесь нет, взята маленькая встроенная: она знает около 110 слов. Загрузить настоящую: npm run model -- pull ${model}`,
  noFiles: 'Какие файлы? npm run transcribe -- ФАЙЛ…',
  unknownLanguage: (language) =>
    `Языка «${language}» не знает ни одна речевая модель. Укажите код, например ru, en или de, несколько (ru,en) либо auto.`,
  badVocabulary: (words, length) => `--vocabulary: слова через запятую, не больше ${words}, до ${length} знаков каждое.`,
  oneFileForSubtitles: 'Субтитры делаются для одного файла за раз.',
};
