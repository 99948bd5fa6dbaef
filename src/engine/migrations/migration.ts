/** One step forward of our own tables. Applied once, in order, in a transaction; never edited after a release. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
