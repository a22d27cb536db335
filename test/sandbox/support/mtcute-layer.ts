import type { TlReaderMap, TlWriterMap } from '@mtcute/tl-runtime';

/** mtcute's readers and writers, brought to another layer. */
export interface LayerMaps {
  readerMap: TlReaderMap;
  writerMap: TlWriterMap;
}

interface Argument {
  /** As mtcute calls it. */
  name: string;
  type: string;
  flag?: { field: string; bit: number };
}

interface Entry {
  name: string;
  id: number;
  isMethod: boolean;
  args: Argument[];
}

/** The part of mtcute's binary reader that is used here. */
interface Reader {
  uint(): number;
  int(): number;
  int53(): number;
  long(): unknown;
  double(): number;
  boolean(): boolean;
  bytes(): Uint8Array;
  string(): string;
  int128(): Uint8Array;
  int256(): Uint8Array;
  object(): unknown;
  vector(read: () => unknown): unknown[];
}

type Writer = Record<string, (value: unknown) => void> & { vector(write: (item: unknown) => void, items: unknown[]): void };

type Values = Record<string, unknown>;

/**
 * mtcute was made for one layer, a data centre speaks another. Every constructor and method of `schema` (TL as text) that
 * mtcute does not know, or knows under another number, is read and written by that text; the rest stays mtcute's own.
 * `usesInt53` says whether mtcute holds a long as a number: its own schema knows.
 */
export function bringToLayer(
  schema: string,
  own: LayerMaps,
  usesInt53: (constructor: string, argument: string) => boolean,
): LayerMaps {
  const readerMap: TlReaderMap = { ...own.readerMap };
  const writerMap = { ...own.writerMap, _staticSize: { ...own.writerMap._staticSize } } as TlWriterMap;
  for (const entry of parseSchema(schema, usesInt53)) {
    if (!entry.isMethod && !readerMap[entry.id]) readerMap[entry.id] = (r: Reader) => read(entry, r);
    if (numberOf(own.writerMap[entry.name]) === entry.id) continue;
    writerMap[entry.name] = (w: Writer, value: Values) => write(entry, w, value);
    Reflect.deleteProperty(writerMap._staticSize, entry.name);
  }
  return { readerMap, writerMap };
}

/** What a writer writes first. */
function numberOf(writer: ((w: unknown, value: unknown) => void) | undefined): number | undefined {
  let id: number | undefined;
  try {
    writer?.({ uint: (value: number) => (id ??= value) }, {});
  } catch (error) {
    // It goes on with the fields, which are not there; the number has been written by then.
    if (id === undefined) throw error;
  }
  return id;
}

function parseSchema(schema: string, usesInt53: (constructor: string, argument: string) => boolean): Entry[] {
  let isMethod = false;
  const entries: Entry[] = [];
  for (const line of schema.split('\n')) {
    if (line.startsWith('---')) isMethod = line.includes('functions');
    const match = /^([\w.]+)#([0-9a-f]+) ((?:[\w{}]+:[^ ]+ )*)= /.exec(line);
    if (!match) continue;
    const [, name = '', id = '', fields = ''] = match;
    const args = fields
      .trim()
      .split(' ')
      .filter((field) => field !== '' && !field.startsWith('{'))
      .map((field) => parseArgument(field, (argument) => usesInt53(name, argument)));
    entries.push({ name, id: Number.parseInt(id, 16), isMethod, args });
  }
  return entries;
}

function parseArgument(field: string, isInt53: (argument: string) => boolean): Argument {
  const [tlName = '', full = ''] = field.split(':');
  const match = /^(?:(flags\d*)\.(\d+)\?)?!?(.+)$/.exec(full);
  const type = match?.[3] ?? full;
  const name = tlName.replaceAll(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
  const argument = { name, type: type === 'long' && isInt53(tlName) ? 'int53' : type };
  return match?.[1] === undefined ? argument : { ...argument, flag: { field: match[1], bit: Number(match[2]) } };
}

function read(entry: Entry, r: Reader): Values {
  const value: Values = { _: entry.name };
  const flags: Record<string, number> = {};
  for (const { name, type, flag } of entry.args) {
    const isThere = !flag || ((flags[flag.field] ?? 0) & (1 << flag.bit)) !== 0;
    if (type === '#') flags[name] = r.uint();
    else if (type === 'true') value[name] = isThere;
    else value[name] = isThere ? readValue(type, r) : undefined;
  }
  return value;
}

function readValue(type: string, r: Reader): unknown {
  const element = /^Vector<(.+)>$/.exec(type)?.[1];
  if (element !== undefined) return r.vector(() => readValue(element, r));
  switch (type) {
    case 'int':
    case 'int53':
    case 'long':
    case 'double':
    case 'string':
    case 'bytes':
    case 'int128':
    case 'int256':
      return r[type]();
    case 'Bool':
      return r.boolean();
    default:
      return r.object();
  }
}

function write(entry: Entry, w: Writer, value: Values): void {
  w['uint']?.(entry.id);
  for (const { name, type, flag } of entry.args) {
    if (type === '#') w['uint']?.(flagsOf(entry, name, value));
    else if (type !== 'true' && !(flag && !isSet(value[name]))) writeValue(type, w, value[name]);
  }
}

function flagsOf(entry: Entry, field: string, value: Values): number {
  const set = entry.args.filter(({ name, flag }) => flag?.field === field && isSet(value[name]));
  return set.reduce((flags, { flag }) => (flags | (1 << (flag?.bit ?? 0))) >>> 0, 0);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

function writeValue(type: string, w: Writer, value: unknown): void {
  const element = /^Vector<(.+)>$/.exec(type)?.[1];
  if (element !== undefined) {
    w.vector((item) => writeValue(element, w, item), value as unknown[]);
    return;
  }
  const known = ['int', 'int53', 'long', 'double', 'string', 'bytes', 'int128', 'int256'];
  const method = type === 'Bool' ? 'boolean' : known.includes(type) ? type : 'object';
  w[method]?.(value);
}
