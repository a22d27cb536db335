import type { ChainableCommander, Redis } from 'ioredis';
import type { AccountState, RestoreOptions, SectionChange } from '../backup/account-state.js';
import type { BackupSection, BackupSections } from '../backup/backup-content.js';
import { BackupError } from '../backup/backup-error.js';
import { backupPlan, type BackupPlan } from './backup-plan.js';
import { redisKeys } from './redis-keys.js';

type Planned = Extract<BackupPlan, { section: string }>;

/** A section, and the key that it stands under. */
interface Place {
  section: string;
  key: string;
  planned: Planned;
}

const MODULE = /^[a-z][a-z0-9-]{0,31}$/;

/** How the store of settings writes a secret: sealed with a key of this machine, so of no use on another one. */
const SEALED = 'sealed:';

/** What of Redis belongs into a backup. Secrets among the settings are left out of it, and those that are here stay. */
export class StoredAccountState implements AccountState {
  readonly #redis: Redis;
  readonly #account: string;

  constructor(redis: Redis, account: string) {
    this.#redis = redis;
    this.#account = account;
  }

  async read(): Promise<BackupSections> {
    const places = this.#places(await this.#modules());
    const reading = this.#redis.multi();
    for (const { key, planned } of places) {
      if (planned.type === 'hash') reading.hgetall(key);
      else reading.get(key);
    }
    const answers = await executed(reading);
    return Object.fromEntries(places.map(({ section, planned }, at) => [section, sectionOf(planned, answers[at])]));
  }

  /** The secrets of each section that are here. */
  async #secrets(places: readonly Place[]): Promise<ReadonlyMap<string, Record<string, string>>> {
    const hashes = places.filter(({ planned }) => planned.section === 'module-settings');
    const found = hashes.map(async ({ section, key }) => {
      const fields = Object.entries(await this.#redis.hgetall(key)).filter(([, value]) => value.startsWith(SEALED));
      return [section, Object.fromEntries(fields)] as const;
    });
    return new Map(await Promise.all(found));
  }

  async compare(sections: BackupSections, options: RestoreOptions): Promise<SectionChange[]> {
    const now = await this.read();
    return this.#restored(sections, options).flatMap(({ section, wanted }) => {
      const change = difference(section, now[section], wanted);
      return change.added.length + change.changed.length + change.removed.length === 0 ? [] : [change];
    });
  }

  async apply(sections: BackupSections, options: RestoreOptions): Promise<void> {
    const restored = this.#restored(sections, options);
    const secrets = await this.#secrets(restored);
    const writing = this.#redis.multi();
    for (const { section, key, wanted } of restored) {
      writing.del(key);
      const fields = wanted.type === 'hash' ? { ...wanted.fields, ...secrets.get(section) } : {};
      if (Object.keys(fields).length > 0) writing.hset(key, fields);
      if (wanted.type === 'string' && wanted.value !== null) writing.set(key, wanted.value);
    }
    await executed(writing);
  }

  /** Where each section belongs. A name that is not ours, or another type, makes all of it strange. */
  #restored(sections: BackupSections, { withRules }: RestoreOptions): (Place & { wanted: BackupSection })[] {
    const modules = Object.keys(sections).flatMap((name) => name.split('/').slice(1));
    if (modules.some((name) => !MODULE.test(name))) throw new BackupError('content');
    const places = new Map(this.#places([...new Set(modules)]).map((place) => [place.section, place]));
    return Object.entries(sections).flatMap(([name, wanted]) => {
      const place = places.get(name);
      if (place?.planned.type !== wanted.type) throw new BackupError('content');
      return place.planned.isRule === true && !withRules ? [] : [{ ...place, wanted }];
    });
  }

  #places(modules: readonly string[]): Place[] {
    return Object.entries<BackupPlan>(backupPlan).flatMap(([name, planned]) => {
      if ('left' in planned) return [];
      const keyOf = redisKeys[name as keyof typeof redisKeys] as (account: string, module?: string) => string;
      if (planned.perModule !== true) return [{ section: planned.section, key: keyOf(this.#account), planned }];
      return modules.map((module) => ({ section: `${planned.section}/${module}`, key: keyOf(this.#account, module), planned }));
    });
  }

  /** All that have settings or a store, also those that are not there now. */
  async #modules(): Promise<string[]> {
    const begin = redisKeys.moduleStore(this.#account, '').replace(/[^:]*:[^:]*$/, '');
    const found = new Set<string>();
    for await (const keys of this.#redis.scanStream({ match: `${begin}*`, count: 500 }) as AsyncIterable<string[]>) {
      for (const key of keys) found.add(key.slice(begin.length).split(':')[0] ?? '');
    }
    return [...found].filter((name) => MODULE.test(name)).sort();
  }
}

async function executed(commands: ChainableCommander): Promise<unknown[]> {
  const answers = (await commands.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

function sectionOf({ type }: Planned, answer: unknown): BackupSection {
  if (type === 'string') return { type, value: typeof answer === 'string' ? answer : null };
  const fields = Object.entries((answer ?? {}) as Record<string, string>).filter(([, value]) => !value.startsWith(SEALED));
  return { type, fields: Object.fromEntries(fields) };
}

function difference(section: string, before: BackupSection | undefined, after: BackupSection): SectionChange {
  const [old, next] = [fieldsOf(before), fieldsOf(after)];
  return {
    section,
    added: Object.keys(next).filter((field) => !(field in old)).map((field) => nameOf(field, next[field])),
    changed: Object.keys(next).filter((field) => field in old && old[field] !== next[field]).map((field) => nameOf(field, next[field])),
    removed: Object.keys(old).filter((field) => !(field in next)).map((field) => nameOf(field, old[field])),
  };
}

function fieldsOf(section: BackupSection | undefined): Record<string, string> {
  if (section === undefined) return {};
  if (section.type === 'hash') return { ...section.fields };
  return section.value === null ? {} : { '': section.value };
}

/** A person's name where the entry has one, else what it is kept under. */
function nameOf(field: string, json: string | undefined): string {
  const [, name] = /"(?:name|subjectName)":"((?:[^"\\]|\\.){1,60})"/.exec(json ?? '') ?? [];
  return name ?? field;
}
