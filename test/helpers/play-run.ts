import { expect } from "vitest";
import type { z } from "zod";
import type { Limits } from "../../src/domain/limits.ts";
import { RepoConfig } from "../../src/domain/repo-config.ts";
import type { MemoryDurations } from "../../src/engine/memory/durations.ts";
import { MemoryEngine } from "../../src/engine/memory/engine.ts";
import type { RunRequest } from "../../src/ports/control.ts";
import { RUN, type RunEnd } from "../../src/workflow/orchestrate.ts";
import { goodActs } from "./scripted-acts.ts";
import { type Act, type Answering, SmallWorld } from "./small-world.ts";

export const RUN_BRANCH = "orchestrate/12-add-an-endpoint-r1/main";
export const RUN_KEY = "7-12-r1";

/** Plays one run to its end on the memory engine and a small world; `act` may send messages meanwhile. */
export async function runWith(
  acts: Record<string, Act>,
  options: {
    limits?: Partial<Limits>;
    request?: Partial<RunRequest>;
    profile?: z.input<typeof RepoConfig>;
    /** Prepares the world before anything happens in it. */
    made?: (world: SmallWorld) => unknown;
    /** Files of the base commit. */
    base?: Readonly<Record<string, string>>;
    answering?: Answering;
    /** What earlier runs took. */
    durations?: MemoryDurations;
    /** No price of any dispatch is known. */
    unpriced?: boolean;
    act?: (engine: MemoryEngine, world: SmallWorld) => Promise<void>;
  } = {},
): Promise<{ world: SmallWorld; end: RunEnd | undefined }> {
  const world = new SmallWorld({ ...goodActs(), ...acts }, options.limits);
  options.made?.(world);
  if (options.base) world.git.branches.set("main", world.git.commit([], options.base));
  if (options.durations) world.durations = options.durations;
  if (options.unpriced) world.usd = null;
  world.profile = options.profile && RepoConfig.parse(options.profile);
  if (options.answering) world.answering = options.answering;
  const engine = new MemoryEngine();
  world.register(engine);
  await engine.launch();
  await engine.start(RUN, { key: RUN_KEY, input: await world.begin(options.request) });
  await options.act?.(engine, world);
  expect(await engine.ended(RUN_KEY), world.errors.join("\n")).toBe("succeeded");
  const view = await world.view();
  await engine.close();
  expect(world.git.openClones).toBe(0);
  return { world, end: view.state as RunEnd };
}
