import type { Migration } from "./migration.ts";

/** What a finished task took, once per key, with its tokens and its price. */
export const DURATIONS: Migration = {
  version: 2,
  sql: `
    alter table orchestrator.durations
      add column key text unique,
      add column tokens bigint not null default 0 check (tokens >= 0),
      add column usd double precision check (usd >= 0);
  `,
};
