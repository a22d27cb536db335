// What `import … from 'gramscribe/module'` is inside the boundary. The same functions as in src/modules/contract, which cannot
// be had there as source; test/modules/foreign/inside.test.ts compares them.

/** @param {Record<string, any>} definition */
export function defineModule(definition) {
  const { uses = [], settings, commands, watchers, tasks, migrations = [], ...rest } = definition;
  const same = (/** @type {unknown} */ value) => value;
  return {
    ...rest,
    uses,
    settings: settings ?? {},
    commands: commands?.(same) ?? [],
    watchers: watchers?.(same) ?? [],
    tasks: tasks?.(same) ?? [],
    migrations,
  };
}

export class CommandRefusal extends Error {
  /**
   * @param {string} forPerson
   * @param {ErrorOptions} [options]
   */
  constructor(forPerson, options) {
    super('a command was refused', options);
    this.forPerson = forPerson;
    this.name = 'CommandRefusal';
  }
}

export const capabilities = ['send', 'history', 'download', 'transcribe', 'network', 'store'];
