import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS, helpText } from "../../src/domain/command/command.ts";
import type { CheckRun } from "../../src/playground/github/store/check-records.ts";
import { say, submit } from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import {
  approved,
  developing,
  TINY_COMMAND,
  TINY_FILES,
  TINY_PLAN,
  tinyScript,
} from "../helpers/tiny-service.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
});

afterAll(() => stage.end());

/** Answers to commands, in the order in which they were given. */
function replies(run: StageRun, number = run.issue): string[] {
  const texts = run.comments(number).map(({ body }) => body);
  return texts.filter((body) => !/orchestrate:(?:status|question):/.test(body));
}

/** Says it, and gives the answer that it got and its reactions. */
async function told(
  run: StageRun,
  command: string,
  by: { who?: string; number?: number } = {},
): Promise<{ reply: string; reactions: string[]; reason: string }> {
  const { who = "alice", number = run.issue } = by;
  const before = replies(run, number).length;
  const place = { repository: run.repository, issue: number };
  const { commentId, outcome } = await stage.say(who, place, command);
  const reply = replies(run, number)[before] ?? "";
  return { reply, reactions: run.reactionsTo(commentId), reason: outcome.reason };
}

test("R1, R3, R7: pause, status, budget, skip and resume by comment; each is marked and answered, and done", async () => {
  const planned = Promise.withResolvers<void>();
  const run = await stage.ask({
    title: "Product that is steered",
    command: TINY_COMMAND,
    script: tinyScript({ plan: [{ ...submit(TINY_PLAN), hold: planned.promise }] }),
  });
  await run.until("dispatch-started");
  const done = ["eyes", "+1"];
  expect(await told(run, "/orchestrate pause", { who: "bob" })).toMatchObject({
    reply: expect.stringContaining("Comment `/orchestrate resume` to go on."),
    reactions: done,
  });
  planned.resolve();
  await run.until("waiting", ({ wait }) => wait.for === "paused");
  const { reply: status, reactions } = await told(run, "/orchestrate status");
  expect(reactions).toEqual(done);
  expect(status).toContain("Paused");
  expect(status).toContain("implementation");
  expect(status).toMatch(/GitHub requests?/);
  expect(status).toMatch(/tokens?/);
  expect(await told(run, "/orchestrate budget 25")).toMatchObject({
    reply: expect.stringContaining("$25"),
    reactions: done,
  });
  const skip = '/orchestrate skip quality --reason "reviewed by hand"';
  expect(await told(run, skip)).toMatchObject({
    reply: expect.stringContaining("Phase quality is left out"),
    reactions: done,
  });
  expect(run.facts("dispatch-started").map(({ taskId }) => taskId)).toEqual(["plan"]);
  expect(await told(run, "/orchestrate resume")).toMatchObject({ reactions: done });
  const view = await run.ended();
  expect(view.state).toBe("complete");
  expect(view.phases.find(({ phase }) => phase === "quality")).toMatchObject({
    state: "skipped",
    reason: expect.stringMatching(/reviewed by hand.*alice/),
  });
  expect(view.notes.join("\n")).toContain("$25");
  expect(run.conversations().some(({ turn }) => turn.role === "backend-lead")).toBe(false);
});

/** So many remarks at file and line that GitHub takes them only in two requests. */
const REMARKS = Array.from({ length: 60 }, (_, index) => ({
  severity: "minor",
  file: "src/product.js",
  line: 1 + (index % 3),
  description: `remark ${index + 1}`,
  fix: "say it shorter",
}));

/** The run's check run on the head of its pull request, as GitHub has it. */
function checkOf(run: StageRun): CheckRun | undefined {
  const [pull] = run.pulls();
  return stage.hub.store.checkRunsOn(pull?.repoId ?? 0, pull?.headSha ?? "").at(-1);
}

/** Bob presses a button of the run's check run; gives what became of it. */
async function pressed(run: StageRun, button: "retry" | "cancel"): Promise<string> {
  const check = await stage.history.until(`the check run has the button ${button}`, () => {
    const found = checkOf(run);
    return found?.actions.some(({ identifier }) => identifier === button) ? found : undefined;
  });
  const before = stage.outcomes.length;
  await stage.hub.as("bob").pressCheckButton(run.repository, check.id, button);
  const heard = await stage.history.until(`the button ${button} was heard`, () =>
    stage.outcomes.slice(before).find(({ reason }) => reason.startsWith(`${button} `)),
  );
  return heard.reason;
}

test("R8, T5: retry of a phase by comment and by button, cancel by button; findings stand at their lines, each once", async () => {
  const repository = await stage.addRepository("retried", TINY_FILES);
  const held = Promise.withResolvers<void>();
  const run = await stage.ask({
    title: "Product that is tested twice",
    command: TINY_COMMAND,
    script: tinyScript({
      review: [
        ({ attempt }) =>
          attempt < 4 ? approved(REMARKS) : { ...say("I look."), hold: held.promise },
      ],
    }),
    repository,
  });
  const first = await run.ended();
  const number = first.pullRequest?.number ?? 0;
  const answer = await told(run, "/orchestrate retry quality", { who: "bob", number });
  expect(answer.reply).toContain("Phase quality and the phases after it are carried out again");
  expect(answer.reactions).toEqual(["eyes", "+1"]);
  await stage.history.until("it is complete again", () => run.facts("run-completed").at(1));
  const tasks = run.facts("dispatch-started").map(({ taskId }) => taskId);
  expect(tasks.filter((task) => task === "review")).toHaveLength(2);
  expect(tasks.filter((task) => task === "build-product")).toHaveLength(1);
  expect(run.pulls()).toMatchObject([{ number, draft: false, headSha: first.headSha }]);
  const annotated = await stage.history.until("every finding stands in the check run", () =>
    (checkOf(run)?.annotations.length ?? 0) >= REMARKS.length ? checkOf(run) : undefined,
  );
  expect(annotated.annotations).toHaveLength(REMARKS.length);
  expect(annotated.annotations[1]).toMatchObject({
    path: "src/product.js",
    startLine: 2,
    endLine: 2,
    level: "warning",
    message: expect.stringContaining("remark 2"),
  });
  expect(await pressed(run, "retry")).toBe(`retry accepted by ${run.id()}`);
  await stage.history.until("it is complete a third time", () => run.facts("run-completed").at(2));
  expect(checkOf(run)?.annotations).toHaveLength(REMARKS.length);
  await told(run, "/orchestrate retry quality", { who: "bob", number });
  await stage.history.until("the review is looked at once more", () =>
    run
      .facts("dispatch-started")
      .filter(({ taskId }) => taskId === "review")
      .at(3),
  );
  expect(await pressed(run, "cancel")).toBe(`cancel accepted by ${run.id()}`);
  await stage.history.until("bob has cancelled it", () =>
    run.facts("run-cancelled").find(({ by }) => by === "bob"),
  );
  await stage.history.until("the check run says so", () =>
    checkOf(run)?.conclusion === "cancelled" ? true : undefined,
  );
  held.resolve();
});

test("R3, R4, R9: slips are answered with the nearest command, wrong options with the valid ones, and nothing starts", async () => {
  const run = await stage.ask({ title: "Product that is mistyped", script: tinyScript() });
  const slip = await told(run, "/orchestrate staus");
  expect(slip.reply).toContain("Did you mean `/orchestrate status`?");
  expect(slip.reply).toContain("/orchestrate approve");
  expect(slip.reactions).toEqual(["eyes", "confused"]);
  const options = await told(run, "/orchestrate build it --fazes testing --budget lots");
  for (const valid of ["--base", "--phases", "--plan-only", "--budget", "--model"])
    expect(options.reply).toContain(valid);
  expect(options.reactions).toEqual(["eyes", "confused"]);
  const late = await told(run, "/orchestrate pause");
  expect(late.reply).toContain("there is none here");
  const help = await told(run, "/orchestrate help");
  expect(help.reply).toContain(helpText());
  for (const { kind } of COMMANDS) if (kind !== "start") expect(help.reply).toContain(kind);
  const none = await told(run, "/orchestrate status");
  expect(none.reply).toContain("There has been no run here yet");
  expect(replies(run)).toHaveLength(5);
  const rows = await stage.query<{ n: string }>(
    "select count(*) as n from orchestrator.runs where issue = $1",
    [run.issue],
  );
  expect(rows[0]?.n).toBe("0");
});

test("R4, A3: what each command needs is one table: triage may look, and starts nothing", async () => {
  stage.hub.createUser({ login: "tina", name: "Tina" });
  const repository = await stage.addRepository("triaged", TINY_FILES);
  stage.hub.setCollaborator(repository, "tina", "triage");
  const run = await stage.ask({
    title: "Product that is watched",
    script: tinyScript(),
    repository,
  });
  const look = await told(run, "/orchestrate status", { who: "tina" });
  expect(look.reply).toContain("There has been no run here yet");
  for (const command of [TINY_COMMAND, "/orchestrate cancel"]) {
    const refused = await told(run, command, { who: "tina" });
    expect(refused.reason).toMatch(/^refused: .* needs write permission/);
    expect(refused.reactions).toContain("-1");
  }
  const outsider = await told(run, "/orchestrate status", { who: "olive" });
  expect(outsider.reason).toMatch(/^refused/);
  expect(replies(run)).toHaveLength(3);
});

test("R9: options of a start count: only the phases that were asked for, on the branch that was named", async () => {
  const repository = await stage.addRepository("branched", TINY_FILES);
  await stage.hub.as("bob").createBranch(repository, "next");
  const added = { branch: "next", path: "NEXT.md", content: "# Next\n" };
  const sha = await stage.hub.as("bob").pushFile(repository, added);
  const plan = {
    ...TINY_PLAN,
    phases: TINY_PLAN.phases.map((phase) =>
      phase.phase === "implementation"
        ? phase
        : { phase: phase.phase, skip_reason: "not asked for", tasks: [] },
    ),
  };
  const run = await stage.ask({
    title: "Product on another branch",
    command: "/orchestrate Implement product(a, b) --base next --phases implementation --budget 3",
    script: tinyScript({ plan: [submit(plan)], develop: developing() }),
    repository,
  });
  const view = await run.ended();
  expect(view.started).toMatchObject({ baseBranch: "next", baseSha: sha });
  expect(run.pulls()).toMatchObject([{ baseRef: "next" }]);
  const tasks = run.facts("dispatch-started").map(({ phase }) => phase);
  expect(new Set(tasks.filter((phase) => phase !== undefined))).toEqual(
    new Set(["implementation"]),
  );
});
