import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunView } from "../../src/domain/run/run.ts";
import {
  type Action,
  role,
  type Script,
  script,
  submit,
  write,
} from "../../src/playground/scripted-model/script.ts";
import { readHandOff, readHandOffReply } from "../../src/reports/hand-off.ts";
import { registerSecond, type SecondApp, startSecond } from "../helpers/second-app.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import { reportIn, type StageRun } from "../helpers/stage-run.ts";
import { TINY_FILES, TINY_PLAN, tinyScript } from "../helpers/tiny-service.ts";

const FRONTEND = "frontend-orchestrator";
const LABEL = `hand-off: ${FRONTEND}`;
const CONTRACT = "product(a: number, b: number): number, exported by src/product.js";
const TITLE = "Product for people";
const BODY = [
  "- [ ] Implement product(a, b) in the backend, with unit tests",
  "- [ ] Add a React page that shows the product",
].join("\n");

let stage: Stage;
let second: SecondApp;

beforeAll(async () => {
  const made: { registered?: Awaited<ReturnType<typeof registerSecond>>; backend?: number } = {};
  stage = await openStage({
    files: TINY_FILES,
    prepare: async (hub, app) => {
      made.registered = await registerSecond(hub, FRONTEND);
      made.backend = app.appId;
      return { HAND_OFF_APPS: `${FRONTEND}=${made.registered.app.appId}` };
    },
  });
  if (!made.registered) throw new Error("The second App was not registered.");
  second = await startSecond(stage, made.registered, {
    ORCHESTRATOR_NAME: FRONTEND,
    HAND_OFF_APPS: `backend-orchestrator=${made.backend}`,
  });
});

afterAll(async () => {
  try {
    expect(await second.end()).toEqual({ exit: 0, processes: 0, errors: [] });
  } finally {
    await stage.end();
  }
});

function designed(contracts: readonly string[]): Action {
  return submit({
    status: "complete",
    summary: "One function, shared by both sides.",
    decision: {
      recommendation: "One function.",
      alternatives_considered: [
        { name: "function", summary: "called" },
        { name: "route", summary: "served" },
      ],
      trade_offs: { gains: ["small"], loses: ["not remote"] },
      rationale: "Nothing else is asked for.",
      boundaries: ["src/product.js"],
      schema: [],
      contracts,
      major_trade_off: false,
    },
  });
}

/** The backend's plan begins with the design; its first attempt forgets the contract. */
function backendScript(): Script {
  const design = {
    id: "design",
    title: "Agree the contract",
    specialist: "backend-lead",
    mode: "architecture",
    objective: "State what both sides call.",
    inputs: [],
    files: [],
    expected_output: "The contract.",
    depends_on: [],
  };
  const plan = {
    ...TINY_PLAN,
    requirements: [{ id: "R1", text: "Implement product(a, b) in the backend, with unit tests." }],
    phases: [{ phase: "architecture", tasks: [design] }, ...TINY_PLAN.phases.slice(1)],
  };
  return script(
    role("backend-lead", [designed([])], { task: "design", attempt: 1 }),
    role("backend-lead", [designed([CONTRACT])], { task: "design" }),
    tinyScript({ plan: [submit(plan)] }),
  );
}

/** The frontend's half is one page, made by one specialist. */
function frontendScript(): Script {
  return role("backend-developer", [
    write("web/product.js", 'export { product } from "../src/product.js";\n'),
    submit({
      status: "complete",
      summary: "The page shows the product.",
      files_modified: ["web/product.js"],
      notes: [],
    }),
  ]);
}

function labels(issue: number): string[] {
  const { store } = stage.hub;
  const repo = store.repository("acme/service");
  const found = repo && store.issue(repo.id, issue);
  return found ? store.labelsOf(found).map(({ name }) => name) : [];
}

function comment(run: StageRun, text: string): string | undefined {
  return run.comments().find(({ body }) => body.includes(text))?.body;
}

test("P8, P9: two installations work a full-stack issue: contract first, record and label, each its half, complete together", async () => {
  const backendTurns = backendScript();
  const frontendTurns = frontendScript();
  const run = await stage.ask({
    title: TITLE,
    body: BODY,
    command: "/orchestrate",
    script: (turn) =>
      turn.prompt.includes(`${FRONTEND} does what backend-orchestrator handed to it`)
        ? frontendTurns(turn)
        : backendTurns(turn),
  });
  const { record } = await run.until("handed-off");
  expect(record).toMatchObject({
    to: FRONTEND,
    wanted: ["Add a React page that shows the product"],
    contracts: [CONTRACT],
  });
  expect(run.facts("dispatch-started").map(({ taskId }) => taskId)).not.toContain("build-product");
  // The second installation offers, and starts nothing on a bot's word.
  await stage.history.until("the frontend offers to take it up", () =>
    comment(run, `Comment \`/orchestrate ${FRONTEND}\``),
  );
  expect(labels(run.issue)).toContain(LABEL);
  expect(second.view(run.id())).toBeUndefined();
  // The backend's half is done and verified, and is not called complete.
  await run.until("blocked");
  await stage.history.until("the report says whom it waits for", () =>
    run
      .comments(run.pulls()[0]?.number)
      .find(({ body }) => body.includes(`Waiting for ${FRONTEND}: this side is done and verified`)),
  );
  expect(run.facts("run-completed")).toEqual([]);
  expect(run.pulls()).toMatchObject([{ draft: false }]);
  // A writer asks the frontend for its half; the backend is not bothered by that.
  await stage.hub.as("bob").comment(run.repository, run.issue, `/orchestrate ${FRONTEND}`);
  await stage.history.until("both halves are complete", () =>
    run.facts("run-completed").length > 0 ? true : undefined,
  );
  const theirs = second.view(run.id()) as RunView;
  expect(theirs).toMatchObject({
    state: "complete",
    started: { orchestrator: FRONTEND, requestedBy: "bob", handOff: { run: run.id() } },
    triage: { mode: "delegate" },
  });
  const heard = run.facts("hand-off-updated").map(({ state }) => state);
  expect([...new Set(heard)]).toEqual(["accepted", "complete"]);
  const report = await stage.history.until("the report says complete", () =>
    run.comments(run.pulls()[0]?.number).find(({ body }) => body.includes("✅ Complete:")),
  );
  expect(report.body).toContain(`${FRONTEND}: complete, said by`);
  expect(reportIn(report)).toMatchObject({ status: "complete" });
  await stage.history.until(
    "the label is gone",
    () => !labels(run.issue).includes(LABEL) || undefined,
  );
  // Each wrote below a branch of its own, and each has its own pull request.
  const folders = new Set((await run.branches()).map(({ name }) => name.split("/")[1]));
  expect(folders).toEqual(
    new Set([
      `${run.issue}-frontend-orchestrator-product-for-people-r1`,
      `${run.issue}-product-for-people-r1`,
    ]),
  );
  expect(run.pulls()).toHaveLength(2);
  // The report is written before the record and the reply are.
  await stage.history.until("record and reply say complete", () => {
    const record = readHandOff(comment(run, "### For frontend-orchestrator") ?? "");
    const reply = readHandOffReply(comment(run, "about the hand-off") ?? "");
    return (record?.state === "complete" && reply?.state === "complete") || undefined;
  });
});

test("A11: a frontend-only issue costs the backend no dispatch, and the frontend does it", async () => {
  const title = "Restyle the React settings page";
  const turns = frontendScript();
  const run = await stage.ask({
    title,
    body: "Use the new CSS grid layout.",
    command: "/orchestrate",
    script: turns,
  });
  const { recommend } = await run.until("blocked");
  expect(recommend).toBe(FRONTEND);
  expect(run.facts("dispatch-started")).toEqual([]);
  expect(run.pulls()).toEqual([]);
  await stage.history.until("the notice names who does it", () =>
    comment(run, "Recommend: frontend-orchestrator for the frontend changes."),
  );
  await stage.history.until("the frontend offers to take it up", () =>
    comment(run, `Comment \`/orchestrate ${FRONTEND}\``),
  );
  await stage.hub.as("alice").comment(run.repository, run.issue, `/orchestrate ${FRONTEND}`);
  await stage.history.until("the backend heard that it is done", () =>
    run.facts("hand-off-updated").find(({ state }) => state === "complete"),
  );
  expect(second.view(run.id())?.tasks.map(({ task }) => task.specialist)).toEqual([
    "backend-developer",
  ]);
});

test("A-05, A-06, O-12: what anybody but the configured app says about a half does not count", async () => {
  const title = "Product that nobody pretends about";
  const run = await stage.ask({
    title,
    body: BODY,
    command: "/orchestrate",
    script: backendScript(),
  });
  await run.until("blocked");
  const reply = readHandOffReply(comment(run, "about the hand-off") ?? "");
  const forged = (comment(run, "about the hand-off") ?? "").replaceAll('"open"', '"complete"');
  expect(reply?.state).toBe("open");
  const said = await stage.say("bob", run, forged);
  expect(said.outcome).toMatchObject({ state: "ignored" });
  // The box in the record is for those who can write to the repository.
  const own = run.comments().find(({ body }) => body.includes("### For frontend-orchestrator"));
  const ticked = (own?.body ?? "").replace("- [ ] This half is done", "- [x] This half is done");
  await stage.hub.as("bob").editComment(run.repository, own?.id ?? 0, ticked);
  await stage.history.until("the run is complete by a writer's word", () =>
    run.facts("run-completed").length > 0 ? true : undefined,
  );
  expect(run.facts("hand-off-updated")).toMatchObject([{ state: "complete", by: "bob" }]);
});
