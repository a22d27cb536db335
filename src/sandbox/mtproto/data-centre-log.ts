/** What the data centre writes to: the part of the program's logger that it uses. */
export interface DataCentreLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
