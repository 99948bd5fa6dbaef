import { z } from "zod";
import type { LedgerEvent, LedgerFact } from "../../domain/run/ledger-event.ts";
import type { Instructed } from "../../ports/agents.ts";
import type { RunPorts } from "../context.ts";
import type { DispatchInput } from "./dispatch-input.ts";

/** Writes a dispatch's facts to the ledger, each under a key that a repetition finds again. */
export class Scribe {
  readonly #ports: RunPorts;
  readonly #input: DispatchInput;
  readonly #loaded = new Set<string>();

  constructor(ports: RunPorts, input: DispatchInput) {
    this.#ports = ports;
    this.#input = input;
  }

  async note(key: string, fact: LedgerFact): Promise<LedgerEvent> {
    const { runId, dispatchId } = this.#input;
    const event = await this.#ports.ledger.append(runId, `${dispatchId}/${key}`, fact);
    this.#ports.status.touch(runId);
    return event;
  }

  async loaded(load: Instructed["loads"][number]): Promise<void> {
    this.#loaded.add(load.name).add(load.path);
    const { dispatchId, task } = this.#input;
    await this.note(`loaded/${load.path}`, {
      type: "loaded",
      scope: task.specialist,
      dispatchId,
      load,
    });
  }

  /** Skills a model says it used are kept only when a load event exists for them. */
  async dropClaims(result: unknown): Promise<void> {
    const claims = z.object({ claims_skills: z.array(z.string()) }).safeParse(result);
    if (!claims.success) return;
    const names = claims.data.claims_skills.filter((name) => !this.#loaded.has(name));
    const { dispatchId, task } = this.#input;
    if (names.length > 0)
      await this.note("claims", {
        type: "claim-dropped",
        scope: task.specialist,
        dispatchId,
        names,
      });
  }

  progressed(): void {
    this.#ports.status.touch(this.#input.runId);
  }
}
