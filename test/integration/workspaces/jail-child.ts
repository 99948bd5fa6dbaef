import { homedir } from "node:os";
import { dirname } from "node:path";
import type { Jail } from "../../../src/ports/jail.ts";
import { createJail } from "../../../src/workspaces/jail.ts";
import { findToolchains } from "../../../src/workspaces/toolchains.ts";

/** A jail for a program of its own, which a test kills. */
export async function makeJail(dataDir: string): Promise<Jail> {
  const path = process.env["PATH"] ?? "/usr/bin:/bin";
  const first = [dirname(process.execPath)];
  const toolchains = await findToolchains({ path, home: homedir(), first });
  return await createJail({ dataDir, toolchains, path });
}
