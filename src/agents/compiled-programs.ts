import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Jail } from "../ports/jail.ts";
import { freePort, relayReadable, throughRelay, withCompiled } from "./egress/relay.ts";

/** Our own programs that run inside jails, compiled once: Node would otherwise compile them again in every jail. */
export interface CompiledPrograms {
  /** The folder that Node finds them in; undefined until they are compiled, and where they cannot be. */
  folder(): string | undefined;
}

const WALL_MS = 60_000;

/**
 * Compiles the relay and the native agent in a jail, because Node knows what it compiled by the user who did. Other
 * jails only read it: an agent that could write it would decide what later agents run. So nothing is compiled where
 * there is no jail. It goes on beside everything else, and is begun anew at each start.
 */
export function compilePrograms(options: {
  jail: Jail;
  dataDir: string;
  node: string;
  packageDir: string;
}): CompiledPrograms {
  let compiled: string | undefined;
  if (options.jail.ownTemporary)
    compile(options).then(
      (folder) => {
        compiled = folder;
      },
      () => undefined,
    );
  return { folder: () => compiled };
}

async function compile(options: {
  jail: Jail;
  dataDir: string;
  node: string;
  packageDir: string;
}): Promise<string | undefined> {
  const { jail, dataDir, node, packageDir } = options;
  const folder = join(dataDir, "compiled");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const plan = { port: await freePort(), socketPath: "/run/none.sock", node, packageDir };
  const main = join(packageDir, "src/native-agent/main.ts");
  const agent = withCompiled(folder, [node, "--disable-warning=ExperimentalWarning", main]);
  const process = await jail.spawn({
    argv: withCompiled(folder, throughRelay(agent, plan)),
    cwd: packageDir,
    env: { NATIVE_AGENT_CONFIG: JSON.stringify(NO_MODEL) },
    writable: [folder],
    readable: [...relayReadable(plan), join(packageDir, "node_modules")],
    wallMs: WALL_MS,
  });
  // An agent that hears nothing more ends by itself, and Node writes what it compiled.
  process.stdin.end();
  process.stdout.resume();
  process.stderr.resume();
  return (await process.exited).code === 0 ? folder : undefined;
}

const NO_MODEL = {
  wire: "anthropic",
  baseUrl: "http://127.0.0.1:9",
  model: "none",
  tools: [],
  maxTurns: 1,
};
