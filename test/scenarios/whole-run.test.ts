import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LedgerEvent } from "../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import { statusReport } from "../../src/domain/status-schema.ts";
import type { JournalEntry } from "../../src/playground/github/http/journal.ts";
import { sampleFiles } from "../../src/playground/sample-files.ts";
import { DEMO_TASK, demoScript } from "../../src/playground/scripted-model/demo-script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { reportIn, type StageRun } from "../helpers/stage-run.ts";

const TITLE = "Let clients register assets";
const BODY = "Clients can list assets, but they cannot register new ones.";
const BOT = "backend-orchestrator[bot]";

let stage: Stage;
let run: StageRun;
let view: RunView;
let ledger: LedgerEvent[];
let folder: string;
let journal: readonly JournalEntry[];

beforeAll(async () => {
  stage = await openStage({ files: await sampleFiles() });
  const command = `/orchestrate ${DEMO_TASK}`;
  run = await stage.ask({ title: TITLE, body: BODY, command, script: demoScript() });
  view = await run.ended();
  ledger = await run.ledger();
  journal = stage.hub.journal.requests(BOT);
  folder = await mkdtemp(join(tmpdir(), "by-hand-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await stage.end();
});

/** Where in the ledger the first fact is that `matches`; fails when there is none. */
function at(matches: (fact: LedgerEvent["fact"]) => boolean): number {
  const found = ledger.find(({ fact }) => matches(fact));
  if (!found) throw new Error("The ledger has no such fact.");
  return found.seq;
}

/** Every version of a comment, as GitHub told the app of it. */
function versions(commentId: number): string[] {
  return stage.hub.webhooks.log().flatMap((delivery) => {
    if (delivery.event !== "issue_comment") return [];
    const { comment } = JSON.parse(delivery.requestBody) as {
      comment: { id: number; body: string };
    };
    return comment.id === commentId ? [comment.body] : [];
  });
}

function statusComments(number: number) {
  return run.comments(number).filter(({ body }) => body.includes("orchestrate:status:"));
}

test("A1: one comment starts one run, whose agents are told the issue and the words after the command", () => {
  expect(view.state).toBe("complete");
  expect(new Set(stage.events.map(({ runId }) => runId))).toEqual(new Set([run.id()]));
  const planning = run.conversations().find(({ turn }) => turn.role === "backend-orchestrator");
  expect(planning?.turn.prompt).toContain(TITLE);
  expect(planning?.turn.prompt).toContain(BODY);
  expect(planning?.turn.prompt).toContain(DEMO_TASK);
});

test("R3: the comment gets eyes before anything else happens, and a rocket once the run is started", () => {
  expect(run.reactionsTo(view.started.commentId)).toEqual(["eyes", "rocket"]);
  const acts = journal.filter(({ method }) => method !== "GET");
  expect(acts[0]?.operationId).toBe("reactions/create-for-issue-comment");
});

test("T1: one pull request, opened as a draft that closes the issue, ready only after the last evidence", () => {
  const [pull, ...more] = run.pulls();
  expect(more).toEqual([]);
  expect(pull).toMatchObject({
    number: view.pullRequest?.number,
    headRef: view.started.runBranch,
    headSha: view.headSha,
    baseRef: "main",
    draft: false,
    life: expect.arrayContaining(["ready_for_review", "review_requested"]),
  });
  expect(pull?.body).toContain(`Closes #${run.issue}`);
  const [opened] = ledger.flatMap(({ fact }) =>
    fact.type === "pull-request-opened" ? [fact] : [],
  );
  expect(opened).toMatchObject({ number: pull?.number, draft: true });
  const ready = at((fact) => fact.type === "pull-request-ready");
  const last = Math.max(
    ...ledger.filter(({ fact }) => fact.type === "evidence").map(({ seq }) => seq),
  );
  expect(ready).toBeGreaterThan(last);
});

test("K5, U1, O10: one status comment on the issue and one on the pull request, edited in place", () => {
  const number = view.pullRequest?.number ?? 0;
  const [onIssue, ...moreOnIssue] = statusComments(run.issue);
  const [onPull, ...moreOnPull] = statusComments(number);
  expect([moreOnIssue, moreOnPull]).toEqual([[], []]);
  expect(run.comments(run.issue)).toEqual([onIssue]);
  expect(run.comments(number)).toEqual([onPull]);
  expect(onIssue?.body).toContain(`#${number}`);
  expect(versions(onIssue?.id ?? 0).length).toBeGreaterThan(1);
  const seconds = (Date.parse(view.endedAt ?? "") - Date.parse(view.startedAt)) / 1_000;
  const edits = journal.filter(({ operationId }) => operationId === "issues/update-comment");
  expect(edits.length).toBeGreaterThan(2);
  // One in five seconds, one that leaves the pointer on the issue, and the last one at once.
  expect(edits.length).toBeLessThanOrEqual(seconds / 5 + 3);
});

test("O1, O3, O6, O7, O8: the report in the comment is the ledger's, with exactly the nine keys", () => {
  const report = reportIn(statusComments(view.pullRequest?.number ?? 0)[0]);
  expect(report).toEqual(statusReport(view));
  expect(report).toMatchObject({
    status: "complete",
    phases_completed: ["architecture", "implementation", "testing", "quality"],
    agents_spawned: [
      "backend-lead",
      "backend-developer",
      "backend-tester",
      "backend-security-reviewer",
    ],
    verification: { all_tests_passed: true, build_success: true },
  });
  expect(report.skills_invoked.slice(0, 3)).toEqual([
    "calibrating-time-estimates",
    "orchestrating-multi-agent-workflows",
    "gateway-backend",
  ]);
});

test("L1, L4: the whole list exists before the first specialist starts, and every version shows all of it", () => {
  const accepted = at((fact) => fact.type === "plan-accepted");
  const first = at((fact) => fact.type === "dispatch-started" && fact.taskId !== "plan");
  expect(accepted).toBeLessThan(first);
  const shown = [
    ...versions(statusComments(run.issue)[0]?.id ?? 0),
    ...versions(statusComments(view.pullRequest?.number ?? 0)[0]?.id ?? 0),
  ].filter((body) => /^- \[[ x]\] \*\*architecture\*\*/m.test(body));
  expect(shown.length).toBeGreaterThan(2);
  for (const body of shown)
    for (const { task } of view.tasks) expect(body, task.id).toContain(task.title);
});

test("N7: no version of any comment speaks of success before the run is complete", () => {
  const ids = [...run.comments(run.issue), ...run.comments(view.pullRequest?.number)];
  const all = ids.flatMap(({ id }) => versions(id));
  const early = all.filter((body) => !body.includes("✅ Complete:"));
  expect(early.length).toBeGreaterThan(2);
  for (const body of early) {
    expect(body).not.toMatch(/✅|"status": "complete"/);
    expect(body).not.toMatch(/\bsuccess(?:ful|fully)?\b/i);
  }
});

test("G1: the three testers worked at the same time", () => {
  const testers = view.tasks.filter(({ phase }) => phase === "testing");
  const times = testers.map(({ dispatches: [one] }) => ({
    from: Date.parse(one?.startedAt ?? ""),
    to: Date.parse(one?.endedAt ?? ""),
  }));
  expect(times).toHaveLength(3);
  const lastStart = Math.max(...times.map(({ from }) => from));
  const firstEnd = Math.min(...times.map(({ to }) => to));
  expect(lastStart).toBeLessThan(firstEnd);
});

test("G2: the security review starts after the code review has ended", () => {
  const review = at(
    (fact) => fact.type === "dispatch-ended" && fact.taskId === "review-create-asset",
  );
  const security = at(
    (fact) => fact.type === "dispatch-started" && fact.taskId === "security-review",
  );
  expect(review).toBeLessThan(security);
});

test("F6, Q2: every writer worked on a branch of its own from the recorded base; nothing else was written", async () => {
  const { runBranch, baseSha } = view.started;
  const folderOfRun = runBranch.slice(0, -"main".length);
  const names = [
    "main",
    "implementation-build-create-asset",
    "testing-acceptance-tests",
    "testing-integration-tests",
    "testing-unit-tests",
  ];
  const branches = await run.code.branches();
  expect(branches.map(({ name }) => name).sort()).toEqual(
    ["main", ...names.map((name) => folderOfRun + name)].sort(),
  );
  expect(await run.code.resolve("main")).toBe(baseSha);
  for (const { fact } of ledger) {
    if (fact.type !== "dispatch-ended" || fact.headSha === undefined) continue;
    const started = ledger.find(
      (event) =>
        event.fact.type === "dispatch-started" && event.fact.dispatchId === fact.dispatchId,
    )?.fact;
    const commit = await run.code.commit(fact.headSha);
    expect(commit?.parents).toEqual(started?.type === "dispatch-started" ? [started.baseSha] : []);
    expect(branches.map(({ sha }) => sha)).toContain(fact.headSha);
  }
});

test("T7: the run branch is the task commits merged one by one in the plan's order, all by the bot", async () => {
  const commits = await run.code.commitsBetween("main", view.started.runBranch);
  expect(commits.map(({ message }) => message.split("\n")[0])).toEqual([
    `Plan: ${TITLE}`,
    "Implement POST /api/assets",
    "Test validation alone",
    "Test handler and store over HTTP",
    "Integrate integration-tests: Test handler and store over HTTP",
    "Test the started service",
    "Integrate acceptance-tests: Test the started service",
  ]);
  expect(commits.map(({ parents }) => parents.length)).toEqual([1, 1, 1, 1, 2, 1, 2]);
  for (const { author, committer, message } of commits) {
    // U6: from any commit the run's report can be found.
    expect(message.split("\n")).toContain(`Orchestrate-Run: ${view.runId}`);
    expect(author.name).toBe(BOT);
    expect(committer).toMatchObject({ name: BOT, email: author.email });
  }
});

test("N1, N2, N4: the last evidence is a fresh build and test run on the commit that is offered", async () => {
  const last = view.evidence.filter(({ purpose }) => purpose === "final");
  expect(last.map(({ evidence }) => [evidence.kind, evidence.command])).toEqual([
    ["build", "npm run build"],
    ["test", "npm test"],
  ]);
  for (const { evidence } of last)
    expect(evidence).toMatchObject({ sha: view.headSha, exitCode: 0, timedOut: false });
  expect(await run.code.resolve(view.started.runBranch)).toBe(view.headSha);
});

test("O10: who clones the pull request's head and runs its tests by hand sees them pass", async () => {
  const tree = join(folder, "tree");
  const branch = view.started.runBranch;
  const url = `${stage.hub.url}/${run.repository}.git`;
  const sh = promisify(execFile);
  await sh("git", ["clone", "--quiet", "--branch", branch, url, tree]);
  const { stdout: head } = await sh("git", ["-C", tree, "rev-parse", "HEAD"]);
  expect(head.trim()).toBe(view.headSha);
  const { stdout } = await sh(process.execPath, ["--test"], { cwd: tree, env: {} });
  const counted = view.evidence.at(-1)?.evidence.tests;
  expect(stdout).toContain(`pass ${counted?.passed}`);
  expect(stdout).toContain("fail 0");
  expect(counted?.passed).toBeGreaterThan(40);
});

test("U7: the comment names the number of GitHub requests, and they are few", () => {
  const body = statusComments(view.pullRequest?.number ?? 0)[0]?.body ?? "";
  const said = /(\d+) GitHub requests \((\d+) creating content, (\d+) edits\)/.exec(body);
  const counts = stage.hub.journal.counts();
  expect(Number(said?.[1])).toBeGreaterThan(10);
  expect(Number(said?.[1])).toBeLessThanOrEqual(counts.total);
  expect(Number(said?.[2])).toBe(counts.contentCreating);
});
