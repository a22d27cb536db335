import { randomBytes } from 'node:crypto';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { StringSession } from 'telegram/sessions/index.js';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { isSessionString, parseSessionString } from '../../src/telegram/session-string.js';

async function sessionMadeByTheLibrary(address = '149.154.167.50'): Promise<string> {
  const session = new StringSession('');
  const key = new AuthKey();
  await key.setKey(randomBytes(256));
  session.setDC(2, address, 443);
  session.setAuthKey(key);
  return session.save();
}

describe('parseSessionString', () => {
  it('takes what the library saves, with the blanks that copying adds', async () => {
    const session = await sessionMadeByTheLibrary();
    expect(parseSessionString(` ${session}\n`)).toBe(session);
    expect(isSessionString(await sessionMadeByTheLibrary('2001:067c:04e8:f002:0000:0000:0000:000a'))).toBe(true);
  });

  it('takes the shape of Telethon, which the library reads as well', () => {
    const bytes = Buffer.concat([Buffer.from([2, 149, 154, 167, 50, 1, 187]), randomBytes(256)]);
    expect(isSessionString(`1${bytes.toString('base64url')}=`)).toBe(true);
  });

  it.each([
    ['nothing', () => ''],
    ['a bot token', () => '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw'],
    ['a session cut short', (whole: string) => whole.slice(0, -10)],
    ['a session with something behind it', (whole: string) => `${whole}AAAAAAAA`],
    ['another version', (whole: string) => `2${whole.slice(1)}`],
    ['a data centre that does not exist', (whole: string) => `1C${whole.slice(2)}`],
  ])('refuses %s without repeating it', async (_name, make) => {
    const wrong = make(await sessionMadeByTheLibrary());
    expect(() => parseSessionString(wrong)).toThrow(ConfigError);
    try {
      parseSessionString(wrong);
    } catch (error) {
      if (wrong !== '') expect((error as Error).message).not.toContain(wrong.slice(0, 12));
    }
  });
});
