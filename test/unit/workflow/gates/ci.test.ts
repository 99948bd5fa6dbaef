import { describe, expect, test } from "vitest";
import { Sha } from "../../../../src/domain/ids.ts";
import type { RequiredCheck } from "../../../../src/ports/github.ts";
import { send } from "../../../helpers/follow-up.ts";
import { runWith } from "../../../helpers/play-run.ts";
import { writes } from "../../../helpers/scripted-acts.ts";

function red(name: string, detail: string): RequiredCheck {
  return { name, state: "red", detail };
}

describe("T3, N8: required checks", () => {
  test("a red one overrides our own evidence and goes to the developer; then the reviews are repeated", async () => {
    const prompts: string[] = [];
    const { world, end } = await runWith(
      {
        fix: (work) => {
          prompts.push(work.prompt);
          return writes("src/handler.js", "fixed")(work);
        },
      },
      {
        act: async (_engine, world) => {
          world.hub.required = (sha) => [
            world.git.files(Sha.parse(sha))["src/handler.js"] === "fixed"
              ? { name: "build", state: "green" }
              : red("build", "src/handler.js:1: failure: no semicolon"),
          ];
        },
      },
    );
    expect(end).toBe("complete");
    expect(prompts).toHaveLength(1);
    expect(prompts[0]).toMatch(/required check "build" is red on [0-9a-f]{7}.*\n.*no semicolon/);
    const view = await world.view();
    expect(view.checks).toMatchObject({ state: "green", sha: view.headSha });
    expect(world.dispatched.filter((id) => id.includes(".review."))).toHaveLength(2);
  });

  test("I5: one that stays red three times goes to a person, whatever our own tests say", async () => {
    const { world, end } = await runWith(
      {
        fix: (work) => {
          const { files } = work;
          return writes("src/handler.js", `${files["src/handler.js"] ?? ""} again`)(work);
        },
      },
      {
        act: async (_engine, world) => {
          world.hub.required = () => [red("license", "not signed")];
        },
      },
    );
    expect(end).toBe("blocked");
    const view = await world.view();
    expect(view.blocked?.issue).toMatch(
      /^bob ended the run: the gate checks failed 3 times .*The required check "license" is red/,
    );
    const facts = (await world.ledger.read(view.runId)).map((event) => event.fact.type);
    expect(facts).not.toContain("run-completed");
  });

  test("green is waited for, and the run says that it waits for CI", async () => {
    const { world, end } = await runWith(
      {},
      {
        act: async (engine, world) => {
          let state: RequiredCheck["state"] = "pending";
          world.hub.required = () => [{ name: "build", state }];
          await world.reached("waiting");
          const waiting = await world.view();
          expect(waiting.wait).toMatchObject({
            for: "ci",
            detail: expect.stringContaining("build"),
          });
          expect(waiting.pullRequest?.draft).toBe(false);
          await send(engine, { kind: "checks" }, { kind: "checks" });
          await world.reached("checks-read");
          state = "green";
          await send(engine, { kind: "checks" });
        },
      },
    );
    expect(end).toBe("complete");
    expect((await world.view()).wait).toBeUndefined();
  });

  test("a repository that requires none does not wait", async () => {
    const { world, end } = await runWith({});
    expect(end).toBe("complete");
    const facts = (await world.ledger.read((await world.view()).runId)).map((e) => e.fact.type);
    expect(facts).not.toContain("waiting");
    expect(facts).not.toContain("checks-read");
  });
});
