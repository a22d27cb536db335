import { textKind, type ValueKind } from '../value-kind.js';
import { nearestOption } from './choice-kind.js';

const OFFSET = /^(?:utc|gmt|мск)?\s*([+-])(\d{1,2})(?::?(\d{2}))?$/;
const MSK_HOURS = 3;
/** Offsets that are no whole hours, by a zone that has it all year. */
const ODD_OFFSETS: Readonly<Record<string, string>> = {
  '+3:30': 'Asia/Tehran', '+4:30': 'Asia/Kabul', '+5:30': 'Asia/Kolkata', '+5:45': 'Asia/Kathmandu',
  '+6:30': 'Asia/Yangon', '+8:45': 'Australia/Eucla', '+9:30': 'Australia/Darwin', '-9:30': 'Pacific/Marquesas',
};
/** Cities as they are called in Russian. */
const CITIES: Readonly<Record<string, string>> = {
  'Europe/Moscow': 'москва мск санкт-петербург петербург питер спб казань сочи ростов воронеж краснодар нижний-новгород',
  'Europe/Kaliningrad': 'калининград', 'Europe/Samara': 'самара ижевск', 'Europe/Saratov': 'саратов', 'Europe/Volgograd': 'волгоград',
  'Asia/Yekaterinburg': 'екатеринбург челябинск пермь уфа тюмень', 'Asia/Omsk': 'омск', 'Asia/Novosibirsk': 'новосибирск',
  'Asia/Tomsk': 'томск', 'Asia/Barnaul': 'барнаул', 'Asia/Krasnoyarsk': 'красноярск', 'Asia/Irkutsk': 'иркутск улан-удэ',
  'Asia/Yakutsk': 'якутск', 'Asia/Chita': 'чита', 'Asia/Vladivostok': 'владивосток хабаровск', 'Asia/Magadan': 'магадан',
  'Asia/Sakhalin': 'сахалин южно-сахалинск', 'Asia/Kamchatka': 'камчатка петропавловск-камчатский',
  'Europe/Kiev': 'киев київ харьков одесса', 'Europe/Minsk': 'минск', 'Europe/Chisinau': 'кишинёв кишинев', 'Europe/Riga': 'рига',
  'Europe/Vilnius': 'вильнюс', 'Europe/Tallinn': 'таллин таллинн', 'Asia/Tbilisi': 'тбилиси батуми', 'Asia/Yerevan': 'ереван',
  'Asia/Baku': 'баку', 'Asia/Almaty': 'алматы алма-ата астана', 'Asia/Tashkent': 'ташкент', 'Asia/Bishkek': 'бишкек',
  'Asia/Dushanbe': 'душанбе', 'Asia/Ashgabat': 'ашхабад', 'Europe/Istanbul': 'стамбул анталья', 'Asia/Dubai': 'дубай',
  'Asia/Jerusalem': 'иерусалим тель-авив хайфа', 'Europe/Berlin': 'берлин мюнхен гамбург', 'Europe/Paris': 'париж', 'Europe/London': 'лондон',
  'Europe/Belgrade': 'белград', 'Europe/Prague': 'прага', 'Europe/Warsaw': 'варшава', 'Asia/Bangkok': 'бангкок пхукет',
  'Asia/Makassar': 'бали', 'America/New_York': 'нью-йорк',
};

/** A name of the IANA's in any case, `UTC+3`, or a city. */
export const timeZoneKind: ValueKind<string> = {
  ...textKind({
    read: (text) => {
      const written = text.trim().toLowerCase();
      if (written === '' || written.length > 64) return undefined;
      const name = byOffset(written) ?? byName(text.trim().replaceAll(/\s+/g, '_'));
      return name ?? byCity(written.replaceAll(/\s+/g, '-'));
    },
    takes: (texts) => texts.takes.timeZone,
    nearest: (text) => {
      const names = Intl.supportedValuesOf('timeZone');
      const city = nearestOption(names.map(cityOf), text.replaceAll(/\s+/g, '_')) ?? nearestOption(Object.values(CITIES).flatMap((words) => words.split(' ')), text);
      return city && (names.find((name) => cityOf(name) === city) ?? byCity(city));
    },
  }),
  write: asOffset,
  // What one version of Node.js calls Asia/Kolkata another calls Asia/Calcutta; both know both.
  fits: (value) => typeof value === 'string' && byName(value) !== undefined,
};

/** Nobody takes Etc/GMT-3 for what it is, UTC+3. */
function asOffset(zone: string): string {
  const [, sign, hours = ''] = /^Etc\/GMT([+-])(\d{1,2})$/.exec(zone) ?? [];
  return sign === undefined ? zone : `UTC${sign === '-' ? '+' : '-'}${hours}`;
}

/** The Etc zones count westwards: UTC+3 is Etc/GMT-3. */
function byOffset(text: string): string | undefined {
  const [, sign, hours = '0', minutes = '00'] = OFFSET.exec(text) ?? [];
  if (sign === undefined) return undefined;
  if (minutes !== '00') return ODD_OFFSETS[`${sign}${Number(hours)}:${minutes}`];
  const offset = (sign === '+' ? 1 : -1) * Number(hours) + (text.startsWith('мск') ? MSK_HOURS : 0);
  if (offset === 0) return 'UTC';
  return offset >= -12 && offset <= 14 ? `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}` : undefined;
}

function byCity(city: string): string | undefined {
  const russian = Object.entries(CITIES).find(([, words]) => words.split(' ').includes(city))?.[0];
  return russian ?? Intl.supportedValuesOf('timeZone').find((name) => cityOf(name).toLowerCase().replaceAll('_', '-') === city);
}

function cityOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function byName(text: string): string | undefined {
  if (!/^[a-z][\w+/-]+$/i.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    // No such zone: the person is told what is taken.
    return undefined;
  }
}
