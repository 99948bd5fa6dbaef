import type { Client } from "pg";

/** Big texts of the engine's tables: never ids, and copied as they are. */
const PAYLOADS: readonly string[] = ["inputs", "output", "error", "value", "message", "request"];

/** The copies' issues count from here. */
const FIRST_ISSUE = 100_000;

/**
 * Copies one finished run, with everything that the app and the engine keep of it, `count` times: its row, ledger,
 * deliveries, request counts, and the engine's workflows and steps. Then the statistics are brought up to date, as
 * the server does by itself in time.
 */
export async function copyRun(client: Client, runId: string, count: number): Promise<void> {
  // Copies need no checks of foreign keys: they are complete.
  await client.query("set session_replication_role = replica");
  await copyOwn(client, runId, count);
  const { rows } = await client.query<{ table_name: string }>(
    "select table_name from information_schema.columns where table_schema = 'dbos' and column_name = 'workflow_uuid' order by table_name",
  );
  for (const { table_name } of rows) await copyEngineTable(client, { runId, count, table_name });
  await client.query("set session_replication_role = origin");
  await client.query("vacuum (analyze)");
  // What is still to be written to disk would slow down what is measured next.
  await client.query("checkpoint");
}

const OWN_TABLES: readonly string[] = [
  `insert into orchestrator.runs (run_id, repo_id, owner, name, installation_id, issue, n, requested_by, comment_key, run_branch, state, pull_request, created_at, ended_at)
   select repo_id || '-' || issue_of(i) || '-r1', repo_id, owner, name, installation_id, issue_of(i), 1, requested_by, repo_id || ':' || issue_of(i), run_branch, 'ended', issue_of(i) + 1, created_at - make_interval(mins => i), ended_at
   from orchestrator.runs, generate_series(1, $2) i where run_id = $1`,
  `insert into orchestrator.ledger (run_id, seq, key, at, fact)
   select split_part($1, '-', 1) || '-' || issue_of(i) || '-r1', seq, key, at, fact
   from orchestrator.ledger, generate_series(1, $2) i where run_id = $1`,
  `insert into orchestrator.deliveries (id, event, action, payload, received_at, content_key, state, reason, attempts, finished_at)
   select gen_random_uuid()::text, 'issue_comment', 'created', repeat('x', 8000), now(), 'comment:' || $1 || ':' || i || ':' || k, 'done', 'seeded', 1, now()
   from generate_series(1, $2) i, generate_series(1, 3) k`,
  `insert into orchestrator.github_requests (run_id, content, edit, other)
   select split_part($1, '-', 1) || '-' || issue_of(i) || '-r1', 4, 14, 30 from generate_series(1, $2) i`,
];

async function copyOwn(client: Client, runId: string, count: number): Promise<void> {
  await client.query(
    `create function pg_temp.issue_of(i integer) returns integer immutable language sql return ${FIRST_ISSUE} + i`,
  );
  for (const statement of OWN_TABLES)
    await client.query(statement.replaceAll("issue_of(", "pg_temp.issue_of("), [runId, count]);
}

async function copyEngineTable(
  client: Client,
  of: { runId: string; count: number; table_name: string },
): Promise<void> {
  const { runId, count, table_name } = of;
  const { rows } = await client.query<{ column_name: string; data_type: string }>(
    "select column_name, data_type from information_schema.columns where table_schema = 'dbos' and table_name = $1 order by ordinal_position",
    [table_name],
  );
  const names = rows.map(({ column_name }) => `"${column_name}"`).join(", ");
  const copies = rows.map(({ column_name, data_type }) =>
    data_type === "text" && !PAYLOADS.includes(column_name)
      ? `case when starts_with("${column_name}", $1) then split_part($1, '-', 1) || '-' || pg_temp.issue_of(i) || '-r1' || substr("${column_name}", length($1) + 1) else "${column_name}" end`
      : `"${column_name}"`,
  );
  await client.query(
    `insert into dbos."${table_name}" (${names}) select ${copies.join(", ")} from dbos."${table_name}", generate_series(1, $2) i where workflow_uuid = $1 or starts_with(workflow_uuid, $1 || '.')`,
    [runId, count],
  );
}
