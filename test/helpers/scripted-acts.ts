import type { Plan } from "../../src/domain/plan/plan.ts";
import { soundPlan } from "./run-facts.ts";
import type { Act } from "./small-world.ts";

/** Acts of a run in which everybody does their job at once. Tests replace single ones. */
export function goodActs(plan: Plan = soundPlan()): Record<string, Act> {
  return {
    plan: () => ({ result: plan }),
    handler: writes("src/handler.js", "export function handler() {}"),
    unit: tests("unit"),
    integration: tests("integration"),
    acceptance: tests("acceptance"),
    review: () => ({ result: reviewed("approved") }),
    security: () => ({ result: securityReviewed("approved") }),
    fix: writes("src/handler.js", "export function handler() { return 'fixed'; }"),
  };
}

/** A developer that writes one file and says so. */
export function writes(path: string, text: string): Act {
  return ({ files }) => {
    files[path] = text;
    return {
      result: { status: "complete", summary: `wrote ${path}`, files_modified: [path], notes: [] },
    };
  };
}

/** A tester of that mode that writes its own file. */
export function tests(mode: "unit" | "integration" | "acceptance", text = "test()"): Act {
  return ({ files }) => {
    const path = `test/${mode}.test.js`;
    files[path] = text;
    return {
      result: {
        status: "complete",
        summary: `tested ${mode}`,
        test_mode: mode,
        test_files: [path],
        test_count: 1,
        covers: ["R1"],
      },
    };
  };
}

export function reviewed(
  verdict: "approved" | "changes_requested",
  issues: readonly object[] = [],
): unknown {
  return {
    status: "complete",
    summary: `reviewed: ${verdict}`,
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
    quality: { verdict, issues },
  };
}

export function securityReviewed(
  verdict: "approved" | "changes_requested",
  findings: readonly object[] = [],
): unknown {
  return {
    status: "complete",
    summary: `security: ${verdict}`,
    verdict,
    files_reviewed: ["src/handler.js"],
    findings,
  };
}
