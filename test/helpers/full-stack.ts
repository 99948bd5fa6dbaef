import { plannedTask, soundPlan } from "./run-facts.ts";
import type { Act } from "./small-world.ts";

/** A request of both halves. */
export const FULL_STACK = {
  issueTitle: "Rename assets",
  issueBody: [
    "- [ ] Implement PATCH /api/assets/{id}, which renames an asset, with tests",
    "- [ ] Add an edit form to the React page of the asset",
  ].join("\n"),
};
export const CONTRACT = "PATCH /api/assets/{id} {name} -> 200 {id, name} | 404";

function fullStackPlan(): ReturnType<typeof soundPlan> {
  const plan = soundPlan();
  plan.requirements = [{ id: "R1", text: "PATCH /api/assets/{id} renames an asset, with tests" }];
  plan.phases[0] = {
    phase: "architecture",
    tasks: [plannedTask("design", { specialist: "backend-lead", mode: "architecture" })],
  };
  return plan;
}

/** A design that agrees these contracts. */
export function designed(contracts: readonly string[]): { result: unknown } {
  const decision = {
    recommendation: "One PATCH route.",
    alternatives_considered: [
      { name: "PATCH", summary: "one field" },
      { name: "PUT", summary: "the whole asset" },
    ],
    trade_offs: { gains: ["small"], loses: ["no bulk"] },
    rationale: "It is one field.",
    boundaries: ["the handler calls the store"],
    schema: ["name: string"],
    contracts,
    major_trade_off: false,
  };
  return { result: { status: "complete", summary: "decided", decision } };
}

/** The first design names no contract. */
export const FULL_STACK_ACTS: Record<string, Act> = {
  plan: () => ({ result: fullStackPlan() }),
  design: ({ attempt }) => designed(attempt === 1 ? [] : [CONTRACT]),
};
