import { homedir } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "./domain/failure.ts";
import type { Jail } from "./ports/jail.ts";
import { createJail } from "./workspaces/jail.ts";
import { findToolchains, type Toolchains } from "./workspaces/toolchains.ts";

/** The root of this package. */
export const PACKAGE_DIR = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the app needs of the machine it runs on. */
export interface Machine {
  readonly jail: Jail;
  readonly toolchains: Toolchains;
  /** The PATH of the operator, for the programs that we run ourselves. */
  readonly path: string;
}

/** The operator's toolchains, our own Node before them. */
export function machineToolchains(path: string): Promise<Toolchains> {
  return findToolchains({ path, home: homedir(), first: [dirname(process.execPath)] });
}

/** The machine with a jail that has proved itself. Rejects with a `UserError` when it does not hold: nothing runs unjailed. */
export async function jailedMachine(options: { dataDir: string; path: string }): Promise<Machine> {
  const toolchains = await machineToolchains(options.path);
  const jail = await createJail({ dataDir: options.dataDir, toolchains, path: options.path });
  const verdict = await jail.selfTest();
  if (!verdict.ok)
    throw new UserError(
      `The jail does not hold on this machine (${verdict.reason}). Install bubblewrap and allow user namespaces; agents never run without it.`,
    );
  return { jail, toolchains, path: options.path };
}
