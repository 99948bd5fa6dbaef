import { describe, expect, test } from "vitest";
import type { Limits } from "../../../src/domain/limits.ts";
import { statusReport } from "../../../src/domain/status-schema.ts";
import { MemoryEngine } from "../../../src/engine/memory-engine.ts";
import type { RunRequest } from "../../../src/ports/control.ts";
import { ANSWERS } from "../../../src/workflow/escalate.ts";
import { RUN, type RunEnd } from "../../../src/workflow/orchestrate.ts";
import { sha, soundPlan } from "../../helpers/run-facts.ts";
import {
  goodActs,
  reviewed,
  securityReviewed,
  tests,
  writes,
} from "../../helpers/scripted-acts.ts";
import { type Act, SmallWorld } from "../../helpers/small-world.ts";

const RUN_BRANCH = "orchestrate/12-add-an-endpoint-r1/main";
const KEY = "7-12-r1";

async function runWith(
  acts: Record<string, Act>,
  options: {
    limits?: Partial<Limits>;
    request?: Partial<RunRequest>;
    act?: (engine: MemoryEngine, world: SmallWorld) => Promise<void>;
  } = {},
): Promise<{ world: SmallWorld; end: RunEnd | undefined }> {
  const world = new SmallWorld({ ...goodActs(), ...acts }, options.limits);
  const engine = new MemoryEngine();
  world.register(engine);
  await engine.launch();
  await engine.start(RUN, { key: KEY, input: await world.begin(options.request) });
  await options.act?.(engine, world);
  expect(await engine.ended(KEY), world.errors.join("\n")).toBe("succeeded");
  const view = await world.view();
  await engine.close();
  expect(world.git.openClones).toBe(0);
  return { world, end: view.state as RunEnd };
}

describe("a run, from command to report", () => {
  test("A1: it ends complete with every phase, its branches pushed and a ready pull request on a verified head", async () => {
    const { world, end } = await runWith({});
    expect(end).toBe("complete");
    const view = await world.view();
    const report = statusReport(view);
    expect(report).toMatchObject({
      status: "complete",
      phases_completed: ["implementation", "testing", "quality"],
      agents_spawned: [
        "backend-developer",
        "backend-tester",
        "backend-lead",
        "backend-security-reviewer",
      ],
      verification: { all_tests_passed: true, build_success: null },
    });
    expect(world.pulls).toEqual([{ number: 100, head: RUN_BRANCH, draft: false }]);
    expect(world.git.branches.get(RUN_BRANCH)).toBe(view.headSha);
    expect(Object.keys(world.git.files(view.headSha))).toEqual(
      expect.arrayContaining([
        "src/handler.js",
        "test/unit.test.js",
        "test/integration.test.js",
        "test/acceptance.test.js",
      ]),
    );
  });

  test("E4, G2: phases and reviews come in order", async () => {
    const { world } = await runWith({});
    const order = world.dispatched.map((id) => id.split(".")[1]);
    expect(order).toEqual([
      "plan",
      "handler",
      "unit",
      "integration",
      "acceptance",
      "review",
      "security",
    ]);
  });

  test("F6: every writer's commit stands on a branch of its own under the run", async () => {
    const { world } = await runWith({});
    expect([...world.git.branches.keys()].sort()).toEqual(
      [
        "main",
        RUN_BRANCH,
        ...[
          "implementation-handler",
          "testing-acceptance",
          "testing-integration",
          "testing-unit",
        ].map((leaf) => RUN_BRANCH.replace("main", leaf)),
      ].sort(),
    );
  });

  test("G5: the whole suite runs after each integration and once more on the final commit", async () => {
    const { world } = await runWith({});
    const purposes = (await world.view()).evidence.map((e) => e.purpose);
    expect(purposes).toEqual([
      "handler attempt 1",
      "unit attempt 1",
      "integration attempt 1",
      "acceptance attempt 1",
      "final",
    ]);
    expect(new Set(world.git.verified).size).toBe(4);
  });

  test("C1, C3, C7, C8: the skills stand in the ledger in the protocol's order", async () => {
    const { world } = await runWith({});
    const names = (await world.view()).loads
      .filter((l) => l.scope === "run" && l.kind === "core-skill")
      .map((l) => l.name);
    expect(names.slice(0, 3)).toEqual([
      "calibrating-time-estimates",
      "orchestrating-multi-agent-workflows",
      "gateway-backend",
    ]);
    expect(names.at(-1)).toBe("verifying-before-completion");
  });

  test("E6: an unsound plan is refused with its problems and asked for again", async () => {
    const bad = soundPlan();
    bad.phases.reverse();
    const { world, end } = await runWith({
      plan: ({ attempt, prompt }) => ({
        result: attempt === 1 ? bad : prompt.includes("out of order") ? soundPlan() : bad,
      }),
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.error).toContain("The phases are out of order");
  });

  test("E6: without a sound plan nobody is dispatched and the run is blocked", async () => {
    const bad = soundPlan();
    bad.phases.reverse();
    const { world, end } = await runWith({ plan: () => ({ result: bad }) });
    expect(end).toBe("blocked");
    expect(world.dispatched.every((id) => id.includes(".plan."))).toBe(true);
    expect(world.pulls).toEqual([]);
  });

  test("F8: a claim without a diff is refused, dispatched again and then escalated", async () => {
    const { world, end } = await runWith({
      handler: () => ({
        result: { status: "complete", summary: "did it", files_modified: ["x"], notes: [] },
      }),
    });
    expect(end).toBe("blocked");
    expect(world.dispatched.filter((id) => id.includes(".handler."))).toHaveLength(3);
    expect((await world.view()).blocked?.issue).toContain("git shows no change");
    expect(world.comments.get("12 orchestrate:blocked:7-12-r1")).toMatch(
      /Blocked: .+\. Attempted: .+\. Recommend: user for .+\.$/,
    );
  });

  test("F7: a specialist that never submits is asked once more, then the next attempt counts", async () => {
    const { end, world } = await runWith({
      handler: (work) =>
        work.attempt === 1 ? { status: "no-result" } : writes("src/handler.js", "ok")(work),
    });
    expect(end).toBe("complete");
    expect((await world.view()).tasks[0]?.dispatches.map((d) => d.status)).toEqual([
      "no-result",
      "submitted",
    ]);
  });

  test("D7: a reviewer that edits is refused", async () => {
    const { world, end } = await runWith({
      review: ({ files, attempt }) => {
        if (attempt === 1) files["src/handler.js"] = "improved";
        return { result: reviewed("approved") };
      },
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.error).toContain("read-only");
  });

  test("I3: a blocking finding goes to the developer, and the review is repeated on the new head", async () => {
    const finding = {
      severity: "important",
      file: "src/handler.js",
      line: 1,
      description: "no check",
      fix: "check it",
    };
    const { world, end } = await runWith({
      review: ({ files }) => ({
        result: files["src/handler.js"]?.includes("fixed")
          ? reviewed("approved")
          : reviewed("changes_requested", [finding]),
      }),
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.tasks.find((t) => t.task.id === "fix-1")).toMatchObject({
      state: "accepted",
      phase: "quality",
    });
    expect(view.tasks.find((t) => t.task.id === "review")?.sha).toBe(view.headSha);
  });

  test("I12: a fix after the security review makes the earlier code review stale; it is repeated", async () => {
    const finding = {
      severity: "HIGH",
      title: "t",
      file: "src/handler.js",
      line: 1,
      description: "d",
      remediation: "r",
    };
    const { world, end } = await runWith({
      security: ({ files }) => ({
        result: files["src/handler.js"]?.includes("fixed")
          ? securityReviewed("approved")
          : securityReviewed("changes_requested", [finding]),
      }),
    });
    expect(end).toBe("complete");
    expect(world.dispatched.map((id) => id.split(".").slice(1).join("."))).toEqual(
      expect.arrayContaining(["review.1", "security.1", "fix-1.1", "review.2", "security.2"]),
    );
  });

  test("H7: a suite that turns red with new tests is fixed by the developer before the next test is taken in", async () => {
    const { world, end } = await runWith({
      handler: writes("src/handler.js", "ok"),
      unit: ({ files }) => {
        files["src/probe.js"] = "BROKEN until the handler is fixed";
        return tests("unit")({ files, attempt: 1, prompt: "" });
      },
      fix: ({ files, prompt }) => {
        expect(prompt).toContain("not ok src/probe.js");
        delete files["src/probe.js"];
        return {
          result: {
            status: "complete",
            summary: "fixed",
            files_modified: ["src/probe.js"],
            notes: [],
          },
        };
      },
    });
    expect(end).toBe("complete");
    expect((await world.view()).errors[0]?.resolution).toContain("developer");
  });

  test("N1: code that stays red ends blocked: failing command in the report, the pull request a draft", async () => {
    const { world, end } = await runWith({
      handler: writes("src/handler.js", "BROKEN"),
      fix: writes("src/handler.js", "BROKEN again"),
    });
    expect(end).toBe("blocked");
    expect(world.pulls[0]?.draft).toBe(true);
    expect(statusReport(await world.view())).toMatchObject({
      status: "blocked",
      verification: { all_tests_passed: false },
    });
    expect(world.comments.get("status")).toContain("| ✘ test | `npm test` |");
  });

  test("G5: testers that edit the same file: the later one is run again on top of the first", async () => {
    const { world, end } = await runWith({
      integration: (work) => {
        const shared = "test/shared.test.js";
        work.files[shared] = `${work.files[shared] ?? ""}integration\n`;
        return tests("integration")(work);
      },
      unit: (work) => {
        work.files["test/shared.test.js"] = "unit\n";
        return tests("unit")(work);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    expect(view.errors[0]?.error).toBe("task integration conflicts in test/shared.test.js");
    expect(world.git.files(view.headSha)["test/shared.test.js"]).toBe("unit\nintegration\n");
  });

  test("P4: a specialist's question is asked on the issue; the answer reaches the same task and nothing earlier repeats", async () => {
    const question = {
      text: "Which store?",
      options: [
        { key: "a", label: "memory", consequence: "simple" },
        { key: "b", label: "disk", consequence: "durable" },
      ],
      recommended: "a",
    };
    const { world, end } = await runWith(
      {
        handler: (work) =>
          work.prompt.includes("Which store?: disk")
            ? writes("src/handler.js", "disk")(work)
            : { question },
      },
      {
        act: (engine) =>
          engine.send({
            key: KEY,
            topic: ANSWERS,
            body: { number: 1, by: "bob", text: "disk", option: "b" },
            idempotencyKey: "a1",
          }),
      },
    );
    expect(end).toBe("complete");
    expect(world.comments.get("12 orchestrate:question:7-12-r1:Q1")).toContain(
      "**a** memory **(recommended)**",
    );
    expect(world.dispatched.filter((id) => id.includes(".plan."))).toHaveLength(1);
    expect((await world.view()).questions[0]?.answer).toEqual({
      by: "bob",
      text: "disk",
      option: "b",
    });
  });

  test("S3: a plan that waits for approval is carried out only on the option that approves", async () => {
    const send = (option: string) => (engine: MemoryEngine) =>
      engine.send({
        key: KEY,
        topic: ANSWERS,
        body: { number: 1, by: "bob", text: "hm", option },
        idempotencyKey: "a1",
      });
    const rejected = await runWith({}, { request: { planOnly: true }, act: send("b") });
    expect(rejected.end).toBe("blocked");
    expect(rejected.world.pulls).toEqual([]);
    const approved = await runWith({}, { request: { planOnly: true }, act: send("a") });
    expect(approved.end).toBe("complete");
  });

  test("G-14: a human's push to the run branch is never overwritten", async () => {
    const world = new SmallWorld({
      ...goodActs(),
      unit: (work) => {
        world.git.branches.set(
          RUN_BRANCH,
          world.git.commit([world.git.branches.get(RUN_BRANCH) ?? sha("0")], {
            "human.txt": "mine",
          }),
        );
        return tests("unit")(work);
      },
    });
    const engine = new MemoryEngine();
    world.register(engine);
    await engine.launch();
    await engine.start(RUN, { key: KEY, input: await world.begin() });
    await engine.ended(KEY);
    await engine.close();
    expect(world.git.files(world.git.branches.get(RUN_BRANCH) ?? sha("0"))).toEqual({
      "human.txt": "mine",
    });
    expect((await world.view()).blocked?.issue).toContain("moved");
  });
});
