import type { model as en } from '../en/model.js';

export const model: typeof en = {
  byteUnits: ['Б', 'КиБ', 'МиБ', 'ГиБ', 'ТиБ'],
  decimal: (number) => number.replace('.', ','),
  seconds: (s) => `${s.replace('.', ',')} с`,
  minutes: (m, s) => `${m} мин ${s} с`,
  columns: { name: 'модель', size: 'размер' },
  here: 'на этой машине',
  inUse: 'используется',
  englishOnly: 'только английский',
  forTests: 'для тестов и демо',
  left: (time) => `осталось ${time}`,
  perSecond: (size) => `${size}/с`,
  ofTotal: (done, total) => `${done} из ${total}`,
  waiting: (pid) => `Её скачивает процесс ${pid}; жду…`,
  unknown: (name, known) => `Модели с именем ${name} нет. Есть: ${known}`,
  pulled: (name, size) => `✓ ${name} здесь: ${size}, контрольная сумма сходится`,
  notPulled: (name, reason) => `✗ Не удалось скачать ${name}: ${reason}`,
  downloadFailures: {
    unreachable: (detail) => `нет связи (${detail}); скачанное сохранено, та же команда продолжит с этого места`,
    refused: (detail) => `сервер отказал (${detail})`,
    'not-a-model': (detail) => `пришла не модель (${detail}); нет ли на пути страницы входа в сеть, верен ли MODEL_BASE_URL?`,
    altered: (detail) => `не сходится контрольная сумма (${detail})`,
    'disk-full': (detail) => `не хватает места в ${detail}`,
  },
  notHere: (name) => `Модели ${name} на этой машине нет. Сначала: npm run model -- pull ${name}`,
  chosen: (name) => `✓ ${name} будет использоваться со следующего запуска (в чате .model ${name} переключает сразу)`,
};
