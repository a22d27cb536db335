import type { ValueKind } from '../value-kind.js';

const YES = new Set(['on', 'yes', 'true', '1', 'y', 'enable', 'enabled', 'да', 'вкл', 'включить', 'включено', 'включён', 'включен']);
const NO = new Set(['off', 'no', 'false', '0', 'n', 'disable', 'disabled', 'нет', 'выкл', 'выключить', 'выключено', 'выключен', 'отключить']);

export const booleanKind: ValueKind<boolean> = {
  read: (text) => {
    const word = text.trim().toLowerCase();
    return YES.has(word) ? true : NO.has(word) ? false : undefined;
  },
  write: (value) => (value ? 'on' : 'off'),
  fits: (value) => typeof value === 'boolean',
  takes: (texts) => texts.takes.boolean,
};
