import type { Grant } from "../../src/domain/command/permission.ts";
import { authorise } from "../../src/domain/command/permission.ts";
import type { Limits } from "../../src/domain/limits.ts";
import { MemoryEngine, type MemoryEngineOptions } from "../../src/engine/memory/engine.ts";
import type { LiveRun, OrderOutcome, RunOrder, RunRequest } from "../../src/ports/control.ts";
import { Control } from "../../src/workflow/control/control.ts";
import { RUN } from "../../src/workflow/orchestrate.ts";
import { RUN_KEY } from "./play-run.ts";
import { REPO } from "./run-facts.ts";
import { goodActs } from "./scripted-acts.ts";
import { type Act, SmallWorld } from "./small-world.ts";

/** One run in a small world, with the commands that people give to it. */
export class ControlBench implements AsyncDisposable {
  readonly world: SmallWorld;
  readonly engine: MemoryEngine;
  readonly control: Control;
  #orders = 0;

  constructor(
    options: {
      acts?: Record<string, Act>;
      limits?: Partial<Limits>;
      engine?: MemoryEngineOptions;
    } = {},
  ) {
    this.world = new SmallWorld({ ...goodActs(), ...options.acts }, options.limits);
    this.engine = new MemoryEngine(options.engine);
    this.world.register(this.engine);
    this.control = new Control({
      ...this.world.ports(),
      engine: this.engine,
      webUrl: "http://127.0.0.1",
      wakeAgent: () => undefined,
    });
  }

  /** Starts the run; resolves when the engine has it. */
  async start(request: Partial<RunRequest> = {}): Promise<void> {
    await this.engine.launch();
    await this.engine.start(RUN, { key: RUN_KEY, input: await this.world.begin(request) });
  }

  /** Gives an order as bob, who may write. */
  async order(command: RunOrder["command"]): Promise<OrderOutcome> {
    this.#orders += 1;
    const run = await this.live();
    const deliveryId = `order ${this.#orders}`;
    return this.control.instruct(GRANT, { repo: REPO, run, command, deliveryId });
  }

  /** Says something to the live run as bob, in a comment with that id. */
  async steer(text: string, commentId = 500): Promise<OrderOutcome> {
    const run = await this.live();
    const deliveryId = `steer ${commentId}`;
    return this.control.steer(GRANT, { repo: REPO, run, text, commentId, deliveryId });
  }

  async live(): Promise<LiveRun> {
    const run = await this.control.live(REPO, 12);
    if (!run) throw new Error("No run is live.");
    return run;
  }

  /** The first line of what the command `status` answers. */
  async says(): Promise<string> {
    return (await this.status()).split("\n")[0] ?? "";
  }

  async status(): Promise<string> {
    return (await this.control.status(REPO, 12)) ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close();
  }
}

function bobMayWrite(): Grant {
  const authorisation = authorise({
    login: "bob",
    permission: "write",
    required: "write",
    action: "a test",
  });
  if (!authorisation.allowed) throw new Error("bob may write");
  return authorisation.grant;
}

export const GRANT = bobMayWrite();
