import type {
  Effects,
  IssuedTokens,
  RequestCounts,
  RequestKind,
} from "../../../src/ports/stores.ts";

export class MemoryEffects implements Effects {
  readonly values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async put(key: string, value: string): Promise<void> {
    this.values.set(key, value);
  }
}

export class MemoryCounts implements RequestCounts {
  readonly runs = new Map<string, Record<RequestKind, number>>();

  async add(runId: string, counts: Readonly<Record<RequestKind, number>>): Promise<void> {
    const sum = await this.read(runId);
    for (const kind of ["content", "edit", "other"] as const) sum[kind] += counts[kind];
    this.runs.set(runId, sum);
  }

  async read(runId: string): Promise<Record<RequestKind, number>> {
    return { content: 0, edit: 0, other: 0, ...this.runs.get(runId) };
  }
}

type Row = Awaited<ReturnType<IssuedTokens["outstanding"]>>[number];

export class MemoryTokens implements IssuedTokens {
  readonly rows = new Map<string, Row>();

  async intend(token: { id: string; repository: string; at: string }): Promise<void> {
    this.rows.set(token.id, { id: token.id, at: token.at });
  }

  async issued(id: string, token: { sealed: string; expiresAt: string }): Promise<void> {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, ...token });
  }

  async revoked(id: string): Promise<void> {
    this.rows.delete(id);
  }

  async outstanding(): Promise<readonly Row[]> {
    return [...this.rows.values()];
  }
}
