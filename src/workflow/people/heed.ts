import { mayEdit, ORCHESTRATOR_ROLE } from "../../domain/specialist/specialists.ts";
import type { Instruction } from "../../ports/agents.ts";
import { askedFor } from "../../reports/reasons.ts";
import type { RunContext } from "../context.ts";
import type { Round } from "./standby.ts";

/** Who can do something about an instruction: those who plan, design or write; reviewers cannot. */
export function canChange({ role, mode }: { role: string; mode?: string | undefined }): boolean {
  return role === ORCHESTRATOR_ROLE || mode === "architecture" || mayEdit(role);
}

/** What people have said so far, each with an id that is the same in every replay. */
export function instructionsOf(run: RunContext): Instruction[] {
  return run.instructions.map((one, index) => ({ ...one, id: one.id ?? `said ${index + 1}` }));
}

/** The key of an instruction's fact, the same whoever appends it first. */
export function steeringKey(id: string): string {
  return `steer ${id}`;
}

/** Takes an instruction in: every later dispatch is told. `otherwise` names one that has no comment. */
export async function hear(
  run: RunContext,
  order: { readonly by: string; readonly text: string; readonly id?: string },
  otherwise: string,
): Promise<Instruction> {
  const { by, text, id = otherwise } = order;
  const instruction = { id, by, text };
  run.instructions.push(instruction);
  await run.record(steeringKey(id), { type: "steered", ...instruction });
  return instruction;
}

/**
 * One more round for what was said too late for anybody who could have done it; undefined when there is nothing of the
 * kind. An agent that was told in the middle of its work counts, when its work can change anything.
 */
export async function unheeded(run: RunContext): Promise<Round | undefined> {
  const waiting = instructionsOf(run).filter(({ id }) => !run.heeded.has(id));
  const left = [];
  for (const instruction of waiting) {
    run.heeded.add(instruction.id);
    if (!(await wasTaken(run, instruction.id))) left.push(instruction);
  }
  const [first] = left;
  if (!first) return undefined;
  return {
    kind: "round",
    by: first.by,
    because: askedFor(first.by),
    findings: left.map(({ by, text }) => `${by} says: ${text}`),
  };
}

/** Whether an agent whose work can change anything was told while it worked. */
function wasTaken(run: RunContext, id: string): Promise<boolean> {
  return run.steps.step(`who took ${id}`, async () => {
    const events = await run.ports.ledger.read(run.input.runId);
    return events.some(
      ({ fact }) =>
        fact.type === "steering-taken" &&
        fact.id === id &&
        fact.how === "conversation" &&
        canChange(fact),
    );
  });
}
