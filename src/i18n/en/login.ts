export const login = {
  noTerminal:
    'Signing in asks questions, and this is no terminal. Run `npm run login` in one ' +
    '(in Docker: `docker compose run --rm gramscribe login`).',
  replaceQuestion: 'A session is stored already. Replace it with a new one? (y/N)',
  kept: 'The stored session stays as it is.',
  yes: /^(y|yes)$/i,
  phoneQuestion: 'Your phone number, with the country code (+1…)',
  wrongPhone: 'Telegram does not know this phone number. Type it with the country code: +14155550123.',
  bannedPhone: 'Telegram has banned this phone number.',
  codeSent: {
    app: 'Telegram sent a code to your Telegram app.',
    sms: 'Telegram sent a code by SMS.',
    call: 'Telegram calls you and says a code.',
    email: 'Telegram sent a code to your e-mail.',
    other: 'Telegram sent a code.',
  },
  codeQuestion: 'The code (an empty line: send it in another way)',
  wrongCode: (left: number) => `Wrong code. Tries left: ${left}.`,
  expiredCode: 'This code has expired; a new one is on its way.',
  noOtherWay: 'Telegram has no other way to send this code. Use the one that came, or try again later.',
  noAccount: 'There is no Telegram account with this number. Sign up in a Telegram app first.',
  passwordQuestion: (hint: string | undefined) =>
    hint === undefined ? 'Your two-step verification password' : `Your two-step verification password (hint: ${hint})`,
  wrongPassword: (left: number) => `Wrong password. Tries left: ${left}.`,
  noTriesLeft: 'No tries left. Start again with `npm run login`.',
  floodWait: (seconds: number) =>
    seconds < 120
      ? `Telegram asks to wait ${seconds} s before the next try.`
      : `Telegram asks to wait ${Math.ceil(seconds / 60)} min before the next try.`,
  failed: (reason: string) => `Signing in did not work: ${reason}`,
  cancelled: 'Cancelled; nothing was stored.',
  signedIn: (name: string, phone: string | undefined) =>
    phone === undefined ? `✅ Signed in as ${name}.` : `✅ Signed in as ${name}, ${phone}.`,
  stored: 'The session is stored, encrypted. Whoever has it has your account: keep the data folder to yourself.',
  next: 'Now start the program: npm start',
};
