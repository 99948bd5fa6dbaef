import { expect, test } from "vitest";
import { handleComment } from "../../../src/commands/handle.ts";
import { Quota } from "../../../src/commands/quota.ts";
import { helpText } from "../../../src/domain/command/command.ts";
import { LaterError, WorldError } from "../../../src/domain/failure.ts";
import { ann, event, repo, run, Stage } from "./stage.ts";

test("A1: a command starts one run with the issue as of the trigger and the text after it", async () => {
  const stage = new Stage();
  const outcome = await handleComment(
    stage.ports,
    event("/orchestrate only POST --base develop\nplease"),
  );
  expect(outcome).toEqual({ state: "done", reason: "started 42-3-r1" });
  expect(stage.started).toEqual([
    {
      repo,
      issue: 3,
      issueTitle: "Rate limits",
      issueBody: "Please add them.",
      labels: ["api"],
      isPullRequest: false,
      defaultBranch: "main",
      task: "only POST\nplease",
      options: { base: "develop" },
      planOnly: false,
      commentId: 900,
      commentUrl: "https://x/c/900",
      deliveryId: "d-1",
    },
  ]);
});

test("I-01: what enters a run is cleaned at the door; the run is told to whoever counts", async () => {
  const told: string[] = [];
  const stage = new Stage({
    clean: (text) => text.replaceAll("HIDDEN", ""),
    onStarted: async (runId) => void told.push(runId),
  });
  const issue = { title: "THIDDEN", body: "BHIDDEN" };
  await handleComment(stage.ports, event("/orchestrate fix HIDDENit", { issue }));
  expect(stage.started[0]).toMatchObject({ issueTitle: "T", issueBody: "B", task: "fix it" });
  expect(told).toEqual([run.runId]);
  stage.live = run;
  await handleComment(stage.ports, event("/orchestrate use HIDDENtabs"));
  await handleComment(stage.ports, event("/orchestrate answer Q1 yesHIDDEN"));
  await handleComment(stage.ports, event("/orchestrate reject noHIDDEN"));
  expect(stage.steered[0]?.text).toBe("use tabs");
  expect(stage.orders.map(({ command }) => command)).toEqual([
    { kind: "answer", question: 1, text: "yes" },
    { kind: "reject", reason: "no" },
  ]);
});

test("R3: an accepted command gets eyes at once and a rocket when it started", async () => {
  const stage = new Stage();
  await handleComment(stage.ports, event("/orchestrate"));
  expect(stage.reactions).toEqual(["900 eyes", "900 rocket"]);
  expect(stage.comments.size).toBe(0);
});

test("R1: plan and --plan-only wait for approval", async () => {
  const stage = new Stage();
  await handleComment(stage.ports, event("/orchestrate plan"));
  await handleComment(stage.ports, event("/orchestrate x y --plan-only"));
  expect(stage.started.map(({ planOnly }) => planOnly)).toEqual([true, true]);
});

test("R4: status needs less than a start", async () => {
  const stage = new Stage();
  stage.permission = "triage";
  stage.statusText = "All well.";
  await handleComment(stage.ports, event("/orchestrate status"));
  expect(stage.said).toBe("All well.");
});

test("R3: a slip is answered with help and the nearest command, and starts nothing", async () => {
  const stage = new Stage();
  await handleComment(stage.ports, event("/orchestrate cancle"));
  expect(stage.said).toContain("Did you mean `/orchestrate cancel`?");
  expect(stage.said).toContain(helpText());
  expect([stage.started.length, stage.reactions.at(-1)]).toEqual([0, "900 confused"]);
});

test("R9: wrong options are answered in one comment and start nothing", async () => {
  const stage = new Stage();
  await handleComment(stage.ports, event("/orchestrate fix it --budget lots --nope"));
  expect([stage.comments.size, stage.started.length]).toEqual([1, 0]);
  expect(stage.said).toContain("Valid options");
});

test("R2, P-07: the first command counts and the reply says that there were more", async () => {
  const stage = new Stage();
  await handleComment(
    stage.ports,
    event("/orchestrate fix it\n\n/orchestrate cancel\n/orchestrate help"),
  );
  expect(stage.started[0]?.task).toBe("fix it");
  expect(stage.said).toBe(
    "2 more commands in the same comment were not read: only the first one counts.",
  );
});

test("R5: a start where a run is live says what runs and how to steer it", async () => {
  const stage = new Stage();
  stage.live = run;
  await handleComment(stage.ports, event("/orchestrate"));
  expect(stage.started).toEqual([]);
  expect(stage.said).toMatch(
    /A run is under way here: testing, 2 of 3 tasks done\. .*`\/orchestrate cancel`/,
  );
});

test("R5: text for a live run steers it, and options are said to change nothing", async () => {
  const stage = new Stage();
  stage.live = run;
  const outcome = await handleComment(
    stage.ports,
    event("/orchestrate use tabs please --model large"),
  );
  expect(outcome.reason).toBe("steered 42-3-r1");
  expect(stage.steered[0]).toMatchObject({ text: "use tabs please", commentId: 900 });
  expect(stage.said).toMatch(
    /noted for this run's next dispatch\. Options count only when a run starts/,
  );
});

test("R5: on a run's own pull request a start steers that run", async () => {
  const stage = new Stage();
  stage.live = { ...run, pullRequest: 8 };
  await handleComment(
    stage.ports,
    event("/orchestrate use tabs", { issue: { number: 8, isPullRequest: true } }),
  );
  expect(stage.steered).toHaveLength(1);
});

test.each(["approve", "pause", "resume", "cancel", "retry testing", "budget 40", "answer Q1 a"])(
  "R1: %s goes to the live run here, once per delivery",
  async (line) => {
    const stage = new Stage();
    stage.live = run;
    stage.order = { kind: "accepted", said: "It is done." };
    await handleComment(stage.ports, event(`/orchestrate ${line}`));
    expect(stage.orders[0]).toMatchObject({
      run,
      deliveryId: "d-1",
      command: { kind: line.split(" ")[0] },
    });
    expect([stage.said, stage.reactions.at(-1)]).toEqual(["It is done.", "900 +1"]);
  },
);

test("R3: an order that the run refuses is answered with the reason", async () => {
  const stage = new Stage();
  stage.live = run;
  stage.order = { kind: "refused", said: "There is no plan that waits for approval." };
  await handleComment(stage.ports, event("/orchestrate approve"));
  expect([stage.said, stage.reactions.at(-1)]).toEqual([stage.order.said, "900 confused"]);
});

test("R3: an order without a live run is answered, status and help work anywhere", async () => {
  const stage = new Stage();
  await handleComment(stage.ports, event("/orchestrate pause"));
  expect(stage.said).toContain("`pause` needs a run that is under way");
  await handleComment(stage.ports, event("/orchestrate status", { comment: { id: 901 } }));
  expect(stage.said).toContain("There has been no run here yet");
  await handleComment(stage.ports, event("/orchestrate help", { comment: { id: 902 } }));
  expect(stage.said).toContain(helpText());
});

test("A-12, F05: a closed issue starts nothing and is answered; a place we may not write in is no failure", async () => {
  const stage = new Stage();
  const closed = event("/orchestrate", { issue: { state: "closed" } });
  await handleComment(stage.ports, closed);
  expect([stage.started.length, stage.said]).toEqual([
    0,
    "No run was started: #3 is closed. Reopen it and comment again.",
  ]);
  stage.failing = new WorldError("locked", "escalate");
  expect((await handleComment(stage.ports, closed)).state).toBe("done");
});

test("Decisions: an owner who is not on the list gets one comment, and costs nothing else", async () => {
  const stage = new Stage();
  const other = { repo: { ...repo, owner: "evil" } };
  for (const id of [1, 2])
    await handleComment(stage.ports, event("/orchestrate", { ...other, comment: { id } }));
  expect([stage.comments.size, stage.asked.length, stage.reactions.length]).toEqual([1, 0, 0]);
  expect(stage.said).toBe(
    "This installation does not serve `evil`. Its operator can add the name to `ALLOWED_OWNERS`.",
  );
});

test("M-01: a flood by one person is cut off with one notice, others are served", async () => {
  let now = 0;
  const stage = new Stage({ quota: new Quota(3, () => now) });
  for (let id = 1; id <= 10; id += 1)
    await handleComment(stage.ports, event("/orchestrate", { comment: { id } }));
  expect([stage.started.length, stage.comments.size]).toEqual([3, 1]);
  await handleComment(
    stage.ports,
    event("/orchestrate", { sender: { ...ann, id: 2, login: "bob" } }),
  );
  now = 700_000;
  await handleComment(stage.ports, event("/orchestrate"));
  expect(stage.started).toHaveLength(5);
});

test("R3: a reaction that fails changes nothing, an answer that fails for now is tried again", async () => {
  const stage = new Stage();
  stage.failing = new LaterError("limited", new Date().toISOString());
  expect((await handleComment(stage.ports, event("/orchestrate"))).reason).toBe("started 42-3-r1");
  await expect(handleComment(stage.ports, event("/orchestrate help"))).rejects.toBe(stage.failing);
});

test("O-11: no reply begins a line with a command", async () => {
  const stage = new Stage();
  stage.live = run;
  for (const line of ["", "help", "cancle", "x --nope", "pause", "plan", "text for it"]) {
    await handleComment(
      stage.ports,
      event(`/orchestrate ${line}`, { comment: { id: line.length + 1 } }),
    );
  }
  expect(stage.comments.size).toBeGreaterThan(4);
  expect(stage.said).not.toMatch(/^\s*\/orchestrate/m);
});
