import type { login as en } from '../en/login.js';

export const login: typeof en = {
  noTerminal:
    'Вход задаёт вопросы, а это не терминал. Запустите `npm run login` в терминале ' +
    '(в Docker: `docker compose run --rm gramscribe login`).',
  replaceQuestion: 'Сессия уже сохранена. Заменить её новой? (д/Н)',
  kept: 'Сохранённая сессия остаётся как есть.',
  yes: /^(д|да|y|yes)$/i,
  phoneQuestion: 'Ваш номер телефона с кодом страны (+7…)',
  wrongPhone: 'Telegram не знает такого номера. Введите его с кодом страны: +79161234567.',
  bannedPhone: 'Telegram заблокировал этот номер.',
  codeSent: {
    app: 'Telegram прислал код в ваше приложение Telegram.',
    sms: 'Telegram прислал код по SMS.',
    call: 'Telegram позвонит и продиктует код.',
    email: 'Telegram прислал код на вашу почту.',
    other: 'Telegram прислал код.',
  },
  codeQuestion: 'Код (пустая строка — прислать другим способом)',
  wrongCode: (left: number) => `Неверный код. Осталось попыток: ${left}.`,
  expiredCode: 'Этот код устарел, отправлен новый.',
  noOtherWay: 'Другого способа прислать этот код у Telegram нет. Введите тот, что пришёл, или попробуйте позже.',
  noAccount: 'На этот номер нет аккаунта Telegram. Сначала зарегистрируйтесь в приложении Telegram.',
  passwordQuestion: (hint: string | undefined) =>
    hint === undefined
      ? 'Пароль двухэтапной аутентификации'
      : `Пароль двухэтапной аутентификации (подсказка: ${hint})`,
  wrongPassword: (left: number) => `Неверный пароль. Осталось попыток: ${left}.`,
  noTriesLeft: 'Попыток не осталось. Начните заново: `npm run login`.',
  floodWait: (seconds: number) =>
    seconds < 120
      ? `Telegram просит подождать ${seconds} с перед следующей попыткой.`
      : `Telegram просит подождать ${Math.ceil(seconds / 60)} мин перед следующей попыткой.`,
  failed: (reason: string) => `Войти не получилось: ${reason}`,
  cancelled: 'Отменено, ничего не сохранено.',
  signedIn: (name: string, phone: string | undefined) =>
    phone === undefined ? `✅ Вход выполнен: ${name}.` : `✅ Вход выполнен: ${name}, ${phone}.`,
  stored: 'Сессия сохранена в зашифрованном виде. У кого она есть, у того есть ваш аккаунт: берегите папку с данными.',
  next: 'Теперь запустите программу: npm start',
};
