import { describe, expect, test } from "vitest";
import {
  ALONE,
  commandOf,
  lineForUs,
  ownLabel,
  sideOf,
} from "../../../../src/domain/triage/orchestrators.ts";
import { triage } from "../../../../src/domain/triage/triage.ts";

const FRONTEND = {
  name: "frontend-orchestrator",
  others: new Map([[8, "backend-orchestrator"]]),
};

describe("P8: several orchestrators on one repository", () => {
  test("a command is for whom it names, else for the backend", () => {
    expect(lineForUs("add it", ALONE)).toBe("add it");
    expect(lineForUs("backend-orchestrator status", ALONE)).toBe("status");
    expect(lineForUs("add it", FRONTEND)).toBeUndefined();
    expect(lineForUs("  Frontend-Orchestrator,  status ", FRONTEND)).toBe("status");
    expect(lineForUs("backend-orchestrator status", FRONTEND)).toBeUndefined();
    // A name that nobody here has is the first word of a task.
    expect(lineForUs("mobile-orchestrator is what we need", ALONE)).toContain("mobile");
  });

  test("the names decide the side, the label and the command", () => {
    expect([undefined, ALONE.name, FRONTEND.name].map(sideOf)).toEqual([
      "backend",
      "backend",
      "frontend",
    ]);
    expect(ownLabel(FRONTEND)).toBe("hand-off: frontend-orchestrator");
    expect([undefined, ALONE.name, FRONTEND.name].map(commandOf)).toEqual([
      "/orchestrate",
      "/orchestrate",
      "/orchestrate frontend-orchestrator",
    ]);
  });

  test("A11: what is frontend work here is its own work there, and is never handed on", () => {
    const request = { title: "Restyle the React settings page", body: "", labels: [], command: "" };
    expect(triage(request).mode).toBe("frontend-hand-off");
    const there = triage({ ...request, side: "frontend" });
    expect([there.mode, there.delegates.map(({ specialist }) => specialist)]).toEqual([
      "delegate",
      ["backend-developer"],
    ]);
    const both = { ...request, title: "Add GET /api/x and a React page for it, with tests" };
    expect(triage({ ...both, side: "frontend" }).mode).toBe("orchestrate");
  });
});
