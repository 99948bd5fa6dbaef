/** One kind of record, by id, in the order of making. */
export class Table<T extends { id: number }> {
  readonly #rows = new Map<number, T>();
  #next: number;

  /** Each table starts at its own number, so that an id of one kind is never a valid id of another. */
  constructor(firstId: number) {
    this.#next = firstId;
  }

  insert(row: Omit<T, "id">): T {
    const record = { ...row, id: this.#next } as T;
    this.#next += 1;
    this.#rows.set(record.id, record);
    return record;
  }

  get(id: number | null | undefined): T | undefined {
    return id === null || id === undefined ? undefined : this.#rows.get(id);
  }

  /** For an id that another record holds: its absence is our bug. */
  must(id: number): T {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`Read record ${id}: it is not in the store.`);
    return row;
  }

  find(test: (row: T) => boolean): T | undefined {
    for (const row of this.#rows.values()) if (test(row)) return row;
    return undefined;
  }

  filter(test: (row: T) => boolean): T[] {
    return this.all().filter(test);
  }

  all(): T[] {
    return [...this.#rows.values()];
  }

  delete(id: number): boolean {
    return this.#rows.delete(id);
  }

  get size(): number {
    return this.#rows.size;
  }

  dump(): { next: number; rows: T[] } {
    return { next: this.#next, rows: this.all() };
  }

  restore(dump: { next: number; rows: T[] }): void {
    this.#rows.clear();
    this.#next = dump.next;
    for (const row of dump.rows) this.#rows.set(row.id, row);
  }
}
