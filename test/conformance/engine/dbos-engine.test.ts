import { type Database, openDatabase } from "../../../src/engine/database.ts";
import { DbosEngine } from "../../../src/engine/dbos/engine.ts";
import type { Limits } from "../../../src/engine/limits.ts";
import { silent, testDatabase } from "../../helpers/postgres.ts";
import { engineSuite } from "./engine-suite.ts";
import { type Bodies, type EngineWorld, registerAll } from "./world.ts";

async function dbosWorld(): Promise<EngineWorld> {
  const { connection, drop } = await testDatabase();
  const database: Database = await openDatabase({ connection, log: silent });
  let last: { engine: DbosEngine; bodies: Bodies; limits: Limits | undefined } | undefined;
  async function launch(bodies: Bodies, limits?: Limits): Promise<DbosEngine> {
    const engine = new DbosEngine({
      database,
      log: silent,
      exclusive: true,
      ...(limits ? { limits } : {}),
    });
    last = { engine, bodies, limits };
    registerAll(engine, bodies);
    await engine.launch();
    return engine;
  }
  return {
    launch,
    async restart(bodies) {
      if (!last) throw new Error("Launch an engine before restarting it");
      await last.engine.close();
      return launch(bodies ?? last.bodies, last.limits);
    },
    elapse: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
    async close() {
      await last?.engine.close();
      await database.close();
      await drop();
    },
  };
}

engineSuite("DBOS engine", dbosWorld);
