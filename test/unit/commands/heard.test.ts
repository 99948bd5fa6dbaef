import { expect, test } from "vitest";
import { handleComment } from "../../../src/commands/handle.ts";
import type { Permission } from "../../../src/domain/command/permission.ts";
import { event, type Overrides, Stage } from "./stage.ts";

const unheard: readonly [id: string, name: string, more: Overrides][] = [
  ["A-06", "our own app", { comment: { appId: 7 } }],
  ["A-05", "a bot", { sender: { id: 9, login: "dependabot[bot]", type: "Bot" } }],
  [
    "A-05",
    "another app",
    { sender: { id: 9, login: "x[bot]", type: "Bot" }, comment: { appId: 8 } },
  ],
  [
    "A-09",
    "one person in another's name",
    { comment: { author: { id: 2, login: "bob", type: "User" } } },
  ],
  ["A-13", "a ghost", { comment: { author: undefined } }],
  ["A-12", "anybody in an archived repository", { archived: true }],
];

test.each(unheard)("%s: a command by %s is ignored without a trace", async (_id, _name, more) => {
  const stage = new Stage();
  expect(await handleComment(stage.ports, event("/orchestrate", more))).toMatchObject({
    state: "ignored",
  });
  expect(stage.untouched).toBe(true);
});

test("A-07: a person named like a bot has the normal check", async () => {
  const stage = new Stage();
  stage.permission = "read";
  await handleComment(
    stage.ports,
    event("/orchestrate", { sender: { id: 3, login: "dependabot", type: "User" } }),
  );
  expect([stage.asked, stage.started.length]).toEqual([["dependabot"], 0]);
});

test("R2: a comment without a command is ignored without a trace", async () => {
  const stage = new Stage();
  const outcome = await handleComment(stage.ports, event("> /orchestrate\n\nLooks good"));
  expect(outcome).toEqual({ state: "ignored", reason: "no command" });
  expect(stage.untouched).toBe(true);
});

test.each<[Permission, boolean]>([
  ["admin", true],
  ["maintain", true],
  ["write", true],
  ["triage", false],
  ["read", false],
  ["none", false],
  ["unknown", false],
])("A3, A-02, A-04: %s permission starts a run: %s", async (permission, allowed) => {
  const stage = new Stage();
  stage.permission = permission;
  const outcome = await handleComment(stage.ports, event("/orchestrate"));
  expect(stage.started).toHaveLength(allowed ? 1 : 0);
  if (allowed) return;
  expect(outcome.reason).toContain("refused");
  expect(stage.said).toMatch(
    /^@ann `\/orchestrate` needs write permission in this repository; .*\.$/,
  );
  expect(stage.reactions).toEqual(["900 eyes", "900 -1"]);
});

test("A3, A-01: a person is refused once per issue, however often they ask", async () => {
  const stage = new Stage();
  stage.permission = "read";
  for (const id of [1, 2, 3])
    await handleComment(stage.ports, event("/orchestrate", { comment: { id } }));
  await handleComment(stage.ports, event("/orchestrate nonsense --nope", { comment: { id: 4 } }));
  expect([...stage.comments.keys()]).toEqual(["3 orchestrate:refused:ann"]);
});
