import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompiledPrograms, compilePrograms } from "./agents/compiled-programs.ts";
import { type Egress, type Endpoint, readEgress } from "./agents/egress/egress.ts";
import { UserError } from "./domain/failure.ts";
import type { Jail } from "./ports/jail.ts";
import { createJail } from "./workspaces/jail.ts";
import { findToolchains, type Toolchains } from "./workspaces/toolchains.ts";

/** The root of this package. */
export const PACKAGE_DIR = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the app needs of the machine it runs on. */
export interface Machine {
  readonly jail: Jail;
  readonly compiled: CompiledPrograms;
  readonly toolchains: Toolchains;
  readonly egress: Egress;
  /** The PATH of the operator, for the programs that we run ourselves. */
  readonly path: string;
}

export interface MachineOptions {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Further endpoints that builds may reach. */
  readonly egressAllow: readonly Endpoint[];
  /** What everything in one jail may use together; the jail's own default when undefined. */
  readonly jailMemoryBytes?: number | undefined;
}

/**
 * The machine with the jail that `open` makes from its toolchains. Asking the toolchains for their registries takes a
 * second or two, so it goes on while the jail is made and tested.
 */
export async function machineWith(
  options: MachineOptions,
  open: (toolchains: Toolchains, path: string) => Promise<Jail>,
): Promise<Machine> {
  const { env, egressAllow } = options;
  const path = env["PATH"] ?? "";
  const home = homedir();
  const egress = readEgress({ env, home, listed: egressAllow });
  const toolchains = await findToolchains({ path, home, first: [dirname(process.execPath)] });
  const jail = await open(toolchains, path);
  const compiled = compilePrograms({
    jail,
    dataDir: options.dataDir,
    node: process.execPath,
    packageDir: PACKAGE_DIR,
  });
  return { jail, compiled, toolchains, path, egress: await egress };
}

/** The machine with a jail that has proved itself. Rejects with a `UserError` when it does not hold: nothing runs unjailed. */
export function jailedMachine(options: MachineOptions): Promise<Machine> {
  return machineWith(options, async (toolchains, path) => {
    const { dataDir, jailMemoryBytes: memoryBytes } = options;
    const jail = await createJail({
      dataDir,
      toolchains,
      path,
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
    });
    const verdict = await jail.selfTest();
    if (verdict.ok) return jail;
    throw new UserError(
      `The jail does not hold on this machine (${verdict.reason}). Install bubblewrap and allow user namespaces; agents never run without it.`,
    );
  });
}
