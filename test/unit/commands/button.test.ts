import { expect, test } from "vitest";
import { handleButton } from "../../../src/commands/button.ts";
import { ann, repo, run, Stage } from "./stage.ts";

const press = { deliveryId: "d-9", repo, sender: ann, runId: run.runId, button: "cancel" };

test("T5: a button gives the same order as the command, with the same permission", async () => {
  const stage = new Stage();
  stage.live = run;
  await handleButton(stage.ports, press);
  expect(stage.orders).toEqual([{ repo, run, command: { kind: "cancel" }, deliveryId: "d-9" }]);
  stage.permission = "read";
  expect((await handleButton(stage.ports, press)).reason).toContain("refused");
  stage.permission = "write";
  expect((await handleButton(stage.ports, { ...press, button: "merge" })).state).toBe("ignored");
  stage.live = undefined;
  expect((await handleButton(stage.ports, press)).reason).toBe("42-3-r1 is not live");
  expect(stage.orders).toHaveLength(1);
});
