import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { ConfigError } from '../../../src/errors.js';
import { parseProxyLinks } from '../../../src/telegram/proxy/parse-proxy-links.js';
import { nameOfProxy } from '../../../src/telegram/proxy/proxy-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const HEX = '0123456789abcdef0123456789abcdef';
const KEY = Buffer.from(HEX, 'hex');
const EE = `ee${HEX}${Buffer.from('example.org').toString('hex')}`;
const EE_BASE64 = Buffer.from(EE, 'hex').toString('base64');

test.each([
  ['socks5://127.0.0.1:1080', { kind: 'socks5', host: '127.0.0.1', port: 1080 }],
  ['socks5h://proxy.example.org:80/', { kind: 'socks5', host: 'proxy.example.org', port: 80 }],
  ['socks5://[::1]:1080', { kind: 'socks5', host: '::1', port: 1080 }],
  ['socks5://u%3A:p%2C%40@h:1', { kind: 'socks5', host: 'h', port: 1, credentials: { username: 'u:', password: 'p,@' } }],
  ['tg://socks?server=1.2.3.4&port=1080', { kind: 'socks5', host: '1.2.3.4', port: 1080 }],
  ['https://t.me/socks?server=h.org&port=9&user=u&pass=p', { kind: 'socks5', host: 'h.org', port: 9, credentials: { username: 'u', password: 'p' } }],
  [`tg://proxy?server=h.org.&port=443&secret=${HEX}`, { kind: 'mtproxy', host: 'h.org', port: 443, secret: { key: KEY } }],
  [`tg:proxy?server=h.org&port=443&secret=DD${HEX.toUpperCase()}`, { kind: 'mtproxy', host: 'h.org', port: 443, secret: { key: KEY } }],
  [`https://t.me/proxy?server=::1&port=443&secret=dd${HEX}`, { kind: 'mtproxy', host: '::1', port: 443, secret: { key: KEY } }],
  [`http://telegram.me/proxy/?port=443&server=h&secret=${EE}`, { kind: 'mtproxy', host: 'h', port: 443, secret: { key: KEY, domain: 'example.org' } }],
  [`tg://proxy?server=h&port=443&secret=${EE_BASE64}`, { kind: 'mtproxy', host: 'h', port: 443, secret: { key: KEY, domain: 'example.org' } }],
  [`tg://proxy?server=h&port=443&secret=${EE_BASE64.replace(/=/g, '').replaceAll('+', '-').replaceAll('/', '_')}`, { kind: 'mtproxy', host: 'h', port: 443, secret: { key: KEY, domain: 'example.org' } }],
])('%s is understood', (link, proxy) => {
  expect(parseProxyLinks(link)).toEqual([proxy]);
});

test.each([
  '',
  ' , ',
  '127.0.0.1:1080',
  'http://127.0.0.1:8080',
  'socks4://127.0.0.1:1080',
  'socks5://127.0.0.1',
  'socks5://127.0.0.1:0',
  'socks5://127.0.0.1:65536',
  'socks5://user@127.0.0.1:1080',
  `socks5://user:${'x'.repeat(256)}@127.0.0.1:1080`,
  'socks5://u%:p@127.0.0.1:1080',
  'socks5://127.0.0.1:1080/path',
  'tg://proxy?server=h&port=443',
  'tg://proxy?server=h&port=443&secret=0123',
  `tg://proxy?server=h&port=443&secret=ee${HEX}`,
  `tg://proxy?server=h&port=443&secret=aa${HEX}`,
  `tg://proxy?server=h&port=443&secret=ee${HEX}${Buffer.from('a'.repeat(183)).toString('hex')}`,
  `tg://proxy?server=h&port=443&secret=ee${HEX}${Buffer.from('a b').toString('hex')}`,
  `tg://proxy?server=h o&port=443&secret=${HEX}`,
  `tg://proxy?server=&port=443&secret=${HEX}`,
  `tg://proxy?server=h&port=44a&secret=${HEX}`,
  'tg://resolve?domain=durov',
  'socks5://127.0.0.1:1080 nonsense',
])('%s is refused', (link) => {
  expect(parseProxyLinks(link)).toBeUndefined();
});

test('several links keep their order, whatever separates them', () => {
  const links = `socks5://a:1,\n\ttg://socks?server=b&port=2 , socks5://c:3\n`;
  expect(parseProxyLinks(links)?.map(nameOfProxy)).toEqual(['SOCKS5 a:1', 'SOCKS5 b:2', 'SOCKS5 c:3']);
});

test('no text whatever makes it throw, and what it accepts has a name that holds no secret', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom('socks5://', 'tg://proxy?', 'server=', '&port=', '&secret=', HEX, '@', '%', '[::1]', ':1'));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      for (const proxy of parseProxyLinks(parts.join('')) ?? []) expect(nameOfProxy(proxy)).not.toContain(HEX);
    }),
    { numRuns: 2000 },
  );
});

test('a link in the configuration that is not understood is named by its variable, never by what it holds', async () => {
  const folder = await temporaryFolder();
  const secret = 'socks5://user:hunter2@host';
  try {
    loadConfig({ GRAMSCRIBE_PROXY: `socks5://127.0.0.1:1080 ${secret}` }, folder);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(/GRAMSCRIBE_PROXY: got a value, takes links .*socks5:\/\/USER:PASSWORD@HOST:PORT.*tg:\/\/proxy/);
    expect(String(error)).not.toMatch(/hunter2|127\.0\.0\.1/);
  }
  expect(loadConfig({ GRAMSCRIBE_PROXY: 'socks5://127.0.0.1:1080' }, folder).proxies).toEqual([{ kind: 'socks5', host: '127.0.0.1', port: 1080 }]);
});
