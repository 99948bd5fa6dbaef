import type { Instruction } from "../../ports/agents.ts";
import type { RunPorts } from "../context.ts";
import type { DispatchInput } from "./dispatch-input.ts";
import type { Scribe } from "./scribe.ts";

/** Tells an agent at work what people have said since it was briefed, each instruction once per conversation. */
export class News {
  readonly #ports: Pick<RunPorts, "ledger">;
  readonly #input: DispatchInput;
  readonly #scribe: Scribe;
  readonly #told = new Set<string>();

  constructor(ports: Pick<RunPorts, "ledger">, input: DispatchInput, scribe: Scribe) {
    this.#ports = ports;
    this.#input = input;
    this.#scribe = scribe;
  }

  /** Records what the brief tells already. */
  async briefed(): Promise<void> {
    for (const instruction of this.#input.brief.instructions ?? [])
      await this.#taken(instruction, "brief");
  }

  /** What is new since the last call, as texts for the agent. */
  async take(): Promise<string[]> {
    const events = await this.#ports.ledger.read(this.#input.runId);
    const fresh = events.flatMap(({ fact }) =>
      fact.type === "steered" && !this.#told.has(fact.id) ? [fact] : [],
    );
    // Marked before anything is awaited: two calls at once never tell the same.
    for (const { id } of fresh) this.#told.add(id);
    for (const instruction of fresh) await this.#taken(instruction, "conversation");
    return fresh.map(({ by, text }) => `${by} says: ${text}`);
  }

  async #taken({ id }: Instruction, how: "brief" | "conversation"): Promise<void> {
    this.#told.add(id);
    const { dispatchId, task } = this.#input;
    await this.#scribe.note(`told/${id}`, {
      type: "steering-taken",
      id,
      dispatchId,
      role: task.specialist,
      ...(task.mode === undefined ? {} : { mode: task.mode }),
      how,
    });
  }
}
