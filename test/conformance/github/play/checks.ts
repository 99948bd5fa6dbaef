import { REPO, type Stage } from "../stage.ts";
import { numberAt, READERS, type Scene, sceneOn, textAt } from "./scene.ts";

const STARTED = "2026-05-06T07:08:09Z";

/** Check runs with buttons and annotations, their suites, commit statuses. */
export async function playChecks(stage: Stage): Promise<void> {
  const scene = sceneOn(stage);
  const { call, each } = scene;
  const head_sha = (await stage.hub.code(REPO).resolve("first")) ?? "";
  const made = await call("bot checks/create", {
    name: "orchestrate",
    head_sha,
    external_id: "run-1",
    status: "in_progress",
    started_at: STARTED,
    output: { title: "Working", summary: "Slowly" },
    actions: [{ label: "Cancel", description: "Stop it", identifier: "cancel" }],
  });
  await call("wendy checks/create", { name: "mine", head_sha }, { expect: 403 });
  const lost = { name: "lost", head_sha: "0".repeat(40) };
  await call("bot checks/create", lost, { expect: 422 });
  const check_run_id = numberAt(made, "id");
  await each(READERS, "checks/get", { check_run_id });
  await call("rob checks/get", { check_run_id: 99_999_999 }, { expect: 404 });
  await stage.hub.as("wendy").pressCheckButton(REPO, check_run_id, "cancel");
  await call("bot checks/update", {
    check_run_id,
    status: "completed",
    conclusion: "failure",
    completed_at: "2026-05-06T07:09:09Z",
    output: {
      title: "Failed",
      summary: "See below",
      text: "Much text",
      annotations: [
        {
          path: "src/a.js",
          start_line: 3,
          end_line: 3,
          start_column: 1,
          end_column: 5,
          annotation_level: "failure",
          message: "Not three",
          title: "Three",
          raw_details: "3 !== THREE",
        },
        { path: "src/b.js", start_line: 1, end_line: 2, annotation_level: "notice", message: "Hm" },
      ],
    },
  });
  await each(READERS, "checks/list-annotations", { check_run_id });
  await each(READERS, "checks/list-for-ref", { ref: head_sha, check_name: "orchestrate" });
  await call("bot checks/list-for-ref", { ref: "first", filter: "all", per_page: 1 });
  await call("bot checks/list-for-ref", { ref: "none" }, { expect: 422 });
  await call("wendy checks/rerequest-run", { check_run_id });
  await playSuites(scene, { head_sha, suite: numberAt(made, "check_suite.id") });
  await playStatuses(scene, head_sha);
  await playJobs(stage, head_sha);
}

/** A job of a workflow, whose log lies elsewhere. */
async function playJobs(stage: Stage, sha: string): Promise<void> {
  const { call, each } = sceneOn(stage);
  const at = { name: "build", sha };
  const job = await stage.hub.reportCheck(REPO, { ...at, conclusion: "failure", log: "Lost" });
  const logs = "actions/download-job-logs-for-workflow-run";
  for (const as of ["bot", "wendy"])
    await call(`${as} ${logs}`, { job_id: job.id }, { expect: 302 });
  const running = await stage.hub.reportCheck(REPO, at);
  await call(`bot ${logs}`, { job_id: running.id }, { expect: 404 });
  await each(READERS, "checks/get", { check_run_id: job.id });
}

async function playSuites(
  { call, each }: Scene,
  of: { head_sha: string; suite: number },
): Promise<void> {
  const at = { check_suite_id: of.suite };
  await each(READERS, "checks/get-suite", at);
  await call("rob checks/get-suite", { check_suite_id: 99_999_999 }, { expect: 404 });
  await each(READERS, "checks/list-for-suite", at);
  await each(READERS, "checks/list-suites-for-ref", { ref: "first" });
  await call("bot checks/create-suite", { head_sha: of.head_sha }, { expect: 200 });
  const commits = await call("bot repos/list-commits", { sha: "main" });
  await call("bot checks/create-suite", { head_sha: textAt(commits, "1.sha") });
  await call("wendy checks/rerequest-suite", at);
}

async function playStatuses({ call, each }: Scene, sha: string): Promise<void> {
  await call("bot repos/create-commit-status", { sha, state: "pending" });
  await call("wendy repos/create-commit-status", {
    sha,
    state: "success",
    context: "build",
    description: "Well",
    target_url: "https://example.org/build/1",
  });
  await call("rob repos/create-commit-status", { sha, state: "success" }, { expect: 403 });
  const lost = { sha: "0".repeat(40), state: "success" };
  await call("wendy repos/create-commit-status", lost, { expect: 422 });
  await each(READERS, "repos/get-combined-status-for-ref", { ref: sha });
  await each(READERS, "repos/list-commit-statuses-for-ref", { ref: "first" });
}
