/**
 * The command cannot be done as it was typed; `forPerson` says in one line what was wrong and what to do. Anything else that
 * a command throws is a failure of the program: counted and logged.
 */
export class CommandRefusal extends Error {
  constructor(
    readonly forPerson: string,
    options?: ErrorOptions,
  ) {
    super('a command was refused', options);
    this.name = 'CommandRefusal';
  }
}
