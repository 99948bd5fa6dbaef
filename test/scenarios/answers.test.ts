import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../src/domain/plan/plan.ts";
import {
  type Action,
  ask,
  submit,
  type Turn,
  write,
} from "../../src/playground/scripted-model/script.ts";
import { openStage, type Stage } from "../helpers/stage.ts";
import type { StageRun } from "../helpers/stage-run.ts";
import {
  developed,
  developing,
  GOOD_PRODUCT,
  TINY_COMMAND,
  TINY_FILES,
  TINY_PLAN,
  tinyScript,
} from "../helpers/tiny-service.ts";

const PLAN_COMMAND = TINY_COMMAND.replace("/orchestrate", "/orchestrate plan");

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ files: TINY_FILES });
});

afterAll(() => stage.end());

/** The comment of that question, once it is asked. */
function question(run: StageRun, number: number): Promise<{ id: number; body: string }> {
  return stage.history.until(`question Q${number} is asked`, () =>
    run.comments().find(({ body }) => body.includes(`### Q${number}: `)),
  );
}

function shown(run: StageRun, number: number): string {
  return run.comments().find(({ body }) => body.includes(`### Q${number}: `))?.body ?? "";
}

/** Replies of the app, as opposed to its status and its questions. */
function replies(run: StageRun): string[] {
  const texts = run.comments().map(({ body }) => body);
  return texts.filter((body) => !/orchestrate:(?:status|question):/.test(body));
}

/** What each planning was told. */
function plannings(run: StageRun): string[] {
  const planner = run.conversations().filter(({ turn }) => turn.role === "backend-orchestrator");
  return [...new Set(planner.map(({ turn }) => turn.prompt))];
}

async function tick(run: StageRun, who: string, at: { commentId: number; index: number }) {
  await stage.hub.as(who).tickCheckbox(run.repository, at);
  return stage.outcomeOf(stage.deliveryOf(at.commentId, "edited"));
}

test("S1, S2, S3: a plan is sent back by a box, by number and by quote, approved by key; nothing vague counts, one hint is given", async () => {
  const run = await stage.ask({
    title: "Product whose plan is looked at",
    command: PLAN_COMMAND,
    script: tinyScript(),
  });
  const first = await question(run, 1);
  expect(first.body).toContain("alice or anyone who can write to this repository may answer");
  for (const vague of ["Looks good", "a or b", "Q1 a?", "approve this later", "Q1"]) {
    const { outcome } = await stage.say("alice", run, vague);
    expect([vague, outcome.reason]).toEqual([vague, expect.stringMatching(/^no answer/)]);
  }
  const unclear = await stage.say("alice", run, "/orchestrate answer a or b");
  expect(unclear.outcome.reason).toMatch(/^answer refused/);
  expect(run.reactionsTo(unclear.commentId)).toEqual(["eyes", "confused"]);
  expect(replies(run)).toEqual([
    expect.stringContaining("Q1 is still open: an approval counts only as it was asked"),
    expect.stringContaining("answers Q1 in more than one way"),
  ]);
  expect(run.facts("question-answered")).toEqual([]);
  expect(await tick(run, "bob", { commentId: first.id, index: 1 })).toMatchObject({
    reason: `tick accepted by ${run.id()}`,
  });
  await question(run, 2);
  expect(shown(run, 1)).toMatch(/- \[x\] \*\*b\*\* Reject.*[^]*Answered by bob$/);
  const byNumber = await stage.say("alice", run, "Q2 b: use **two** files");
  expect(byNumber.outcome.reason).toMatch(/^answer accepted/);
  expect(run.reactionsTo(byNumber.commentId)).toEqual(["+1"]);
  await question(run, 3);
  expect(plannings(run).at(-1)).toContain("use **two** files");
  const quoted = `> ### Q3: Shall this plan be carried out?\n> - [ ] a\n\nb, name it *times*`;
  await stage.say("bob", run, quoted);
  await question(run, 4);
  expect(plannings(run).at(-1)).toContain("name it *times*");
  for (const _ of [1, 2]) {
    const { outcome } = await stage.say("olive", run, "Q4 a");
    expect(outcome.reason).toMatch(/^refused/);
  }
  expect(replies(run).filter((body) => body.includes("@olive"))).toHaveLength(1);
  await stage.say("alice", run, "a");
  const view = await run.ended();
  expect(view.state).toBe("complete");
  expect(view.questions.map(({ answer }) => [answer?.by, answer?.option])).toEqual([
    ["bob", "b"],
    ["alice", "b"],
    ["bob", "b"],
    ["alice", "a"],
  ]);
});

/** As the tiny plan, with so many developers. */
function planOf(developers: number): Record<string, unknown> {
  const phases = structuredClone(TINY_PLAN.phases) as unknown as Plan["phases"];
  const implementation = phases.find(({ phase }) => phase === "implementation");
  const [first] = implementation?.tasks ?? [];
  const tasks = Array.from({ length: developers }, (_, i) => ({
    ...first,
    id: i === 0 ? "build-product" : `build-${i}`,
    title: `Write part ${i}`,
    files: [i === 0 ? "src/product.js" : `src/part-${i}.js`],
  }));
  return {
    ...TINY_PLAN,
    phases: phases.map((phase) => (phase.phase === "implementation" ? { ...phase, tasks } : phase)),
  };
}

async function repositoryWith(planApproval: string): Promise<string> {
  const profile = `${TINY_FILES[".github/orchestrator.yml"]}plan_approval: ${planApproval}\n`;
  const files = { ...TINY_FILES, ".github/orchestrator.yml": profile };
  return stage.addRepository(`approves-${planApproval}`, files);
}

test("S5: never, always and large plans; a large one has more than six tasks", async () => {
  const large = await repositoryWith("large");
  const always = await repositoryWith("always");
  const cases = [
    { title: "Seven tasks to be approved", repository: large, developers: 5, asks: true },
    { title: "Six tasks are not many", repository: large, developers: 4, asks: false },
    { title: "Three tasks, always approved", repository: always, developers: 1, asks: true },
  ];
  for (const { title, repository, developers, asks } of cases) {
    const script = tinyScript({ plan: [submit(planOf(developers))] });
    const run = await stage.ask({ title, command: TINY_COMMAND, script, repository });
    await run.until("plan-accepted");
    await stage.history.until(`${title}: asked or begun`, () =>
      run.facts("question-asked").length + run.facts("phase-started").length > 0 ? true : undefined,
    );
    expect([title, run.facts("question-asked").length > 0]).toEqual([title, asks]);
    const { outcome } = await stage.say("alice", run, "/orchestrate cancel");
    expect(outcome.reason).toMatch(/^cancel accepted/);
  }
});

/** A developer that asks before it writes. */
function asking(turn: Turn): Action {
  const told = `${turn.prompt}\n${turn.lastUserText}`;
  if (!told.includes("Only numbers"))
    return ask("What may be multiplied?", [
      ["a", "Only numbers", "a breaking change: anything else throws"],
      ["b", "Anything", "as JavaScript has it"],
    ]);
  const wrote = turn.results.some((result) => result.includes("product.js"));
  return wrote ? developed() : (developing()[0] as Action);
}

test("S2, S4: a box that was ticked while the app was down resumes the step that asked, after a restart", async () => {
  const run = await stage.ask({
    title: "Product whose box is ticked late",
    command: TINY_COMMAND,
    script: tinyScript({ develop: [asking, asking, asking] }),
  });
  const asked = await question(run, 1);
  await run.until("waiting", ({ wait }) => wait.for === "person");
  await stage.process.kill();
  const at = { commentId: asked.id, index: 0 };
  await stage.hub.as("bob").tickCheckbox(run.repository, at);
  await stage.hub.webhooks.idle();
  await stage.process.start();
  const view = await run.ended();
  expect(view.state).toBe("complete");
  expect(view.questions).toMatchObject([{ answer: { by: "bob", option: "a" } }]);
  expect(shown(run, 1)).toMatch(/- \[x\] \*\*a\*\* Only numbers.*[^]*Answered by bob$/);
  const plans = run.conversations().filter(({ turn }) => turn.task === "plan" && turn.index === 0);
  expect(plans).toHaveLength(1);
});

/** A plan as a person would put it into the repository: product first, then parts that stand for themselves. */
function partsPlan(last: string): string {
  const titles = ["product", "part two", "part three", last];
  const tasks = titles.map((title, index) => {
    const file = index === 0 ? "product" : title.split(" ").at(-1);
    return `### Task ${index + 1}: Add ${title}\n\n- Create: \`src/${file}.js\`\n- Run: \`node --test\`\n  Expected: exit code 0\n`;
  });
  return `# Parts\n\n**Goal:** Product and three parts\n\n${tasks.join("\n")}`;
}

const PARTS = "docs/plans/2026-01-01-parts.md";

/** A developer that writes the one file that its task names first. */
function asPlanned(turn: Turn): Action {
  const brief = turn.prompt.slice(turn.prompt.indexOf("# Objective"));
  const path = /src\/(?:product|two|three|four|five)\.js/.exec(brief)?.[0] ?? "src/none.js";
  const text = path === "src/product.js" ? GOOD_PRODUCT : "export const part = true;\n";
  return turn.index === 0
    ? write(path, text)
    : submit({ status: "complete", summary: "Done.", files_modified: [path], notes: [] });
}

test("C4, S5: a linked plan is carried out in two batches; at the checkpoint bob changes what is left, and it ends complete", async () => {
  const repository = await stage.addRepository("with-plan", {
    ...TINY_FILES,
    ".github/orchestrator.yml": `${TINY_FILES[".github/orchestrator.yml"]}plan_approval: large\n`,
    [PARTS]: partsPlan("part four"),
  });
  const run = await stage.ask({
    title: "Parts that somebody has planned",
    body: `Carry out [the plan](../blob/main/${PARTS}).`,
    command: "/orchestrate",
    script: tinyScript({ plan: [], develop: [asPlanned, asPlanned] }),
    repository,
  });
  const asked = await question(run, 1);
  expect(asked.body).toMatch(
    /### Q1: Batch 1 of 2 of the supplied plan is done: Add product .*Add part two .*Add part three .*node --test: exit 0/,
  );
  const { supplied } = await run.until("plan-accepted");
  const { baseSha: sha } = await run.until("run-started");
  expect(supplied?.source).toEqual({ from: "file", path: PARTS, sha });
  await stage.hub.as("bob").pushFile(repository, {
    branch: "main",
    path: PARTS,
    content: partsPlan("part five"),
    message: "Part five instead of part four",
  });
  await stage.say("bob", run, "Q1 b");
  const view = await run.ended();
  expect(view.state).toBe("complete");
  const tree = await run.code.tree(view.headSha, "src");
  const files = tree?.map(({ name }) => name);
  expect(view.checkpoints.map(({ batch, of, by }) => [batch, of, by])).toEqual([
    [1, 2, "bob"],
    [2, 2, undefined],
  ]);
  expect(files?.toSorted()).toEqual(["five.js", "product.js", "sum.js", "three.js", "two.js"]);
  const begun = view.tasks.flatMap(({ task, dispatches }) => dispatches.map(() => task.title));
  expect(begun).toEqual([
    "Add product",
    "Add part two",
    "Add part three",
    "Add part five",
    "Test what the plan built",
    "Review the change",
  ]);
  expect(plannings(run)).toEqual([]);
  const loaded = view.loads.map(({ name }) => name);
  expect(loaded).toContain("executing-plans");
  expect(loaded).not.toContain("writing-plans");
  const described = run.pulls()[0]?.body ?? "";
  expect(described).toContain("Add part five");
  expect(described).not.toContain("Add part four");
  const status = run.comments(view.pullRequest?.number).at(-1)?.body ?? "";
  expect(status).toMatch(/\*\*Supplied plan:\*\* \[`docs\/plans\/2026-01-01-parts.md`\]/);
  expect(status).toContain("2 of 2 checkpoints passed");
}, 400_000);
