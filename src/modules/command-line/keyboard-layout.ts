/** What stands on the same keys of the two keyboards, without and with shift: QWERTY and ЙЦУКЕН. */
const LATIN = '`qwertyuiop[]asdfghjkl;\'zxcvbnm,./' + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?' + '@#$^&|';
const RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю.' + 'ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,' + '"№;:?/';

const toLatin = keyMap(RUSSIAN, LATIN);
const toRussian = keyMap(LATIN, RUSSIAN);

/** What the keys that gave this text on the Russian keyboard give on the Latin one; what is on no such key stays. */
export function onLatinKeys(text: string): string {
  return translated(text, toLatin);
}

/** What the keys that gave this text on the Latin keyboard give on the Russian one; what is on no such key stays. */
export function onRussianKeys(text: string): string {
  return translated(text, toRussian);
}

function keyMap(from: string, to: string): ReadonlyMap<string, string> {
  return new Map(Array.from(from, (key, index) => [key, to.charAt(index)]));
}

function translated(text: string, map: ReadonlyMap<string, string>): string {
  return Array.from(text, (character) => map.get(character) ?? character).join('');
}
