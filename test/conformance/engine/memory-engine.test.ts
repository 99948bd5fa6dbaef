import { ManualClock } from "../../../src/engine/clock.ts";
import { MemoryEngine } from "../../../src/engine/memory/engine.ts";
import { engineSuite } from "./engine-suite.ts";
import { type EngineWorld, registerAll } from "./world.ts";

function memoryWorld(): Promise<EngineWorld> {
  const clock = new ManualClock();
  let engine: MemoryEngine | undefined;
  return Promise.resolve({
    async launch(bodies, limits) {
      engine = new MemoryEngine({ clock, ...(limits ? { limits } : {}) });
      registerAll(engine, bodies);
      await engine.launch();
      return engine;
    },
    async restart(bodies) {
      if (!engine) throw new Error("Launch an engine before restarting it");
      if (bodies) registerAll(engine, bodies);
      await engine.restart();
      return engine;
    },
    elapse: (ms) => clock.advance(ms),
    close: () => engine?.close() ?? Promise.resolve(),
  });
}

engineSuite("memory engine", memoryWorld);
