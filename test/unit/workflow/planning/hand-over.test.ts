import { describe, expect, test } from "vitest";
import type { HandOffState } from "../../../../src/domain/triage/hand-off.ts";
import type { MemoryEngine } from "../../../../src/engine/memory/engine.ts";
import { readHandOff } from "../../../../src/reports/hand-off.ts";
import { merged, STAY, send } from "../../../helpers/follow-up.ts";
import {
  FULL_STACK_ACTS as ACTS,
  CONTRACT,
  designed,
  FULL_STACK,
} from "../../../helpers/full-stack.ts";
import { runWith } from "../../../helpers/play-run.ts";
import type { SmallWorld } from "../../../helpers/small-world.ts";

const TO = "frontend-orchestrator";
const RECORD = `12 orchestrate:hand-off:7-12-r1:${TO}`;
const LABEL = `12 hand-off: ${TO}`;
function says(engine: MemoryEngine, state: HandOffState): Promise<void> {
  return send(engine, { kind: "half", by: `${TO}[bot]`, to: TO, state });
}

function order(world: SmallWorld, type: string): Promise<number> {
  return world.ledger
    .read("7-12-r1" as never)
    .then((events) => events.findIndex(({ fact }) => fact.type === type));
}

describe("P9: a full-stack request", () => {
  test("P9, P8: the contract is agreed first, goes out with the record and the label, and only then code is written", async () => {
    const { world, end } = await runWith(ACTS, { request: FULL_STACK });
    expect(end).toBe("blocked");
    expect((await world.view()).triage?.mode).toBe("full-stack");
    expect(world.dispatched.filter((id) => id.includes(".design."))).toHaveLength(2);
    const record = readHandOff(world.comments.get(RECORD) ?? "");
    expect(record).toMatchObject({
      from: "backend-orchestrator",
      to: TO,
      run: "7-12-r1",
      wanted: ["Add an edit form to the React page of the asset"],
      contracts: [CONTRACT],
      required: true,
    });
    expect(world.hub.labels).toEqual(new Set([LABEL]));
    const events = await world.ledger.read("7-12-r1" as never);
    const code = events.findIndex(
      ({ fact }) => fact.type === "dispatch-started" && fact.taskId === "handler",
    );
    expect(await order(world, "handed-off")).toBeLessThan(code);
  });

  test("P9: it is not complete while the other half is open, and goes on by itself when that is done", async () => {
    const { world, end } = await runWith(ACTS, {
      request: FULL_STACK,
      limits: STAY,
      act: async (engine, world) => {
        await world.reached("blocked");
        expect(world.pulls).toMatchObject([{ draft: false }]);
        const accepted = world.reached("hand-off-updated");
        await says(engine, "accepted");
        await accepted;
        const done = world.reached("run-completed");
        await says(engine, "complete");
        await done;
        await merged(engine);
      },
    });
    expect(end).toBe("complete");
    const view = await world.view();
    const types = (await world.ledger.read(view.runId)).map(({ fact }) => fact.type);
    expect(types.filter((type) => type === "run-completed")).toHaveLength(1);
    expect(types.indexOf("blocked")).toBeLessThan(types.indexOf("run-completed"));
    // The evidence is as fresh as the word.
    expect(view.evidence.filter(({ purpose }) => purpose === "final")).toHaveLength(2);
    expect(world.hub.labels.size).toBe(0);
    expect(world.comments.get("12 orchestrate:blocked:7-12-r1")).toContain("this run goes on");
    expect(world.comments.get("status")).toContain(`${TO}: complete`);
  });

  test("P9: the words say whom the run waits for; a declined half needs a person", async () => {
    const shown: (string | undefined)[] = [];
    const { world, end } = await runWith(ACTS, {
      request: FULL_STACK,
      limits: STAY,
      act: async (engine, world) => {
        await world.reached("blocked");
        await says(engine, "accepted");
        shown.push(world.comments.get("12 orchestrate:blocked:7-12-r1"));
        const again = world.reached("blocked");
        await says(engine, "declined");
        await again;
        await send(engine, { kind: "closed", by: "alice", merged: false });
      },
    });
    expect(end).toBe("blocked");
    expect(shown[0]).toMatch(
      /^<!-- .* -->\nBlocked: this side is done and verified on [\w\u200b]+, but the half of frontend-orchestrator is not complete\. Attempted: .+\. Recommend: frontend-orchestrator for its half; this run goes on when it reports/,
    );
    const view = await world.view();
    expect(view.blocked).toMatchObject({
      issue: expect.stringContaining("is declined"),
      recommend: "user",
    });
  });

  test("P9: a report that comes while this side still works counts", async () => {
    const { end } = await runWith(ACTS, {
      request: FULL_STACK,
      act: async (engine, world) => {
        await world.reached("handed-off");
        await says(engine, "complete");
      },
    });
    expect(end).toBe("complete");
  });

  test("P9: merging this side's pull request does not end the wait", async () => {
    const { end } = await runWith(ACTS, {
      request: FULL_STACK,
      limits: STAY,
      act: async (engine, world) => {
        await world.reached("blocked");
        const closed = world.reached("pull-request-closed");
        await merged(engine);
        await closed;
        await says(engine, "complete");
        await world.reached("run-completed");
        await merged(engine);
      },
    });
    expect(end).toBe("complete");
  });

  test("P9: a design that never names a contract ends with a person, before any code", async () => {
    const { world, end } = await runWith(
      { ...ACTS, design: () => designed([]) },
      { request: FULL_STACK },
    );
    expect(end).toBe("blocked");
    expect((await world.view()).blocked?.issue).toContain("API contract");
    expect(world.dispatched.some((id) => id.includes(".handler."))).toBe(false);
    expect(world.hub.labels.size).toBe(0);
  });
});

test("P8: what a specialist finds for the frontend goes out, is not required, and stays visible", async () => {
  const { world, end } = await runWith({
    handler: ({ files }) => {
      files["src/handler.js"] = "export function handler() {}";
      return {
        result: {
          status: "complete",
          summary: "wrote it",
          files_modified: ["src/handler.js"],
          notes: [],
          frontend_needed: ["send the new field `owner` in the create form"],
        },
      };
    },
  });
  expect(end).toBe("complete");
  const record = readHandOff(world.comments.get(RECORD) ?? "");
  expect(record).toMatchObject({
    wanted: ["send the new field `owner` in the create form"],
    required: false,
  });
  expect(world.hub.labels).toEqual(new Set([LABEL]));
  expect(world.comments.get("status")).toContain(`${TO}: not taken up yet`);
});

test("A11: a frontend-only request is handed over whole, and nobody is dispatched", async () => {
  const { world, end } = await runWith(
    {},
    {
      request: {
        issueTitle: "Restyle the React settings page",
        issueBody: "Use the new CSS grid layout and colours.",
      },
    },
  );
  expect(end).toBe("blocked");
  expect(world.dispatched).toEqual([]);
  expect(readHandOff(world.comments.get(RECORD) ?? "")?.wanted).toEqual([
    "Restyle the React settings page",
  ]);
  expect(world.comments.get("status")).toContain("Handed to frontend-orchestrator");
});
