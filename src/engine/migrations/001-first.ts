import type { Migration } from "./migration.ts";

/** Deliveries, runs and everything found by them; the ledger, whose rows nobody can change. */
export const FIRST: Migration = {
  version: 1,
  sql: `
    create table orchestrator.deliveries (
      id text primary key,
      event text not null,
      action text,
      payload text not null,
      received_at timestamptz not null,
      stored_at timestamptz not null default clock_timestamp(),
      content_key text unique,
      state text not null default 'stored' check (state in ('stored', 'done', 'ignored', 'dead')),
      reason text,
      attempts integer not null default 0,
      handed_at timestamptz,
      finished_at timestamptz
    );
    create index deliveries_unfinished on orchestrator.deliveries (stored_at) where state = 'stored';

    create table orchestrator.runs (
      run_id text primary key,
      repo_id bigint not null,
      owner text not null,
      name text not null,
      installation_id bigint not null,
      issue integer not null,
      n integer not null check (n > 0),
      requested_by text not null,
      comment_key text not null,
      run_branch text not null,
      state text not null default 'live' check (state in ('live', 'ended')),
      pull_request integer,
      created_at timestamptz not null default clock_timestamp(),
      updated_at timestamptz not null default clock_timestamp(),
      ended_at timestamptz,
      unique (repo_id, issue, n),
      unique (repo_id, comment_key)
    );
    create unique index runs_one_live_per_issue on orchestrator.runs (repo_id, issue) where state = 'live';
    create index runs_by_pull_request on orchestrator.runs (repo_id, pull_request) where pull_request is not null;

    create table orchestrator.ledger (
      run_id text not null,
      seq integer not null check (seq > 0),
      key text not null,
      at timestamptz not null,
      fact jsonb not null,
      primary key (run_id, seq),
      unique (run_id, key)
    );
    create function orchestrator.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the ledger is append-only: % refused', tg_op;
    end $$;
    create trigger ledger_append_only before update or delete on orchestrator.ledger
      for each row execute function orchestrator.refuse_change();
    create trigger ledger_never_emptied before truncate on orchestrator.ledger
      for each statement execute function orchestrator.refuse_change();
    create function orchestrator.append_fact(the_run text, the_key text, the_fact jsonb)
      returns setof orchestrator.ledger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('orchestrator.ledger/' || the_run, 0));
      return query select l.* from orchestrator.ledger l where l.run_id = the_run and l.key = the_key;
      if found then return; end if;
      return query
        insert into orchestrator.ledger as l (run_id, seq, key, at, fact)
        select the_run, coalesce(max(p.seq), 0) + 1, the_key, clock_timestamp(), the_fact
        from orchestrator.ledger p where p.run_id = the_run
        returning l.*;
    end $$;

    create table orchestrator.questions (
      run_id text not null,
      number integer not null check (number > 0),
      key text not null,
      question jsonb not null,
      comment_id bigint,
      asked_at timestamptz not null default clock_timestamp(),
      answered_by text,
      answer text,
      answered_at timestamptz,
      primary key (run_id, number),
      unique (run_id, key)
    );

    create table orchestrator.effects (
      key text primary key,
      value text not null,
      at timestamptz not null default clock_timestamp()
    );

    create table orchestrator.github_requests (
      run_id text primary key,
      content integer not null default 0,
      edit integer not null default 0,
      other integer not null default 0
    );

    create table orchestrator.tokens (
      id text primary key,
      repository text not null,
      intended_at timestamptz not null,
      sealed text,
      expires_at timestamptz,
      revoked_at timestamptz
    );
    create index tokens_outstanding on orchestrator.tokens (intended_at) where revoked_at is null;

    create table orchestrator.durations (
      id bigint generated always as identity primary key,
      repo_id bigint not null,
      specialist text not null,
      phase text not null,
      task_type text not null,
      ms bigint not null check (ms >= 0),
      at timestamptz not null default clock_timestamp()
    );
    create index durations_by_work on orchestrator.durations (specialist, phase, task_type, repo_id, id);

    create table orchestrator.replicas (
      id text primary key,
      lock_key bigint not null,
      started_at timestamptz not null default clock_timestamp(),
      beat integer not null default 0,
      beat_at timestamptz not null default clock_timestamp()
    );
  `,
};
