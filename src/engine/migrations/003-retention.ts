import type { Migration } from "./migration.ts";

/** What ended runs leave behind is cleared by policy; a ledger leaves its table only into the archive. */
export const RETENTION: Migration = {
  version: 3,
  sql: `
    alter table orchestrator.runs
      add column workflows_cleared_at timestamptz,
      add column branches_cleared_at timestamptz,
      add column ledger_cleared_at timestamptz;
    create index runs_ended on orchestrator.runs (ended_at) where state = 'ended';

    create table orchestrator.archive (
      run_id text primary key,
      ledger bytea not null,
      report jsonb not null,
      archived_at timestamptz not null default clock_timestamp()
    );
    create or replace function orchestrator.refuse_change() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if exists (select 1 from orchestrator.archive a where a.run_id = old.run_id) then
          return old;
        end if;
      end if;
      raise exception 'the ledger is append-only: % refused', tg_op;
    end $$;
    create or replace function orchestrator.append_fact(the_run text, the_key text, the_fact jsonb)
      returns setof orchestrator.ledger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('orchestrator.ledger/' || the_run, 0));
      return query select l.* from orchestrator.ledger l where l.run_id = the_run and l.key = the_key;
      if found then return; end if;
      if exists (select 1 from orchestrator.archive a where a.run_id = the_run) then
        raise exception 'the ledger of % is archived and takes no more facts', the_run;
      end if;
      return query
        insert into orchestrator.ledger as l (run_id, seq, key, at, fact)
        select the_run, coalesce(max(p.seq), 0) + 1, the_key, clock_timestamp(), the_fact
        from orchestrator.ledger p where p.run_id = the_run
        returning l.*;
    end $$;
  `,
};
