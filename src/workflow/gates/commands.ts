import type { RepoCommand } from "../../domain/gate/evidence.ts";
import type { Sha } from "../../domain/ids.ts";
import type { RunContext } from "../context.ts";

/**
 * The commands that verify `sha`: those of the base commit, so that no specialist can weaken them; only a base that
 * has no tests takes them from the change, and each then says so. To be called inside a step.
 */
export async function commandsFor(run: RunContext, sha: Sha): Promise<readonly RepoCommand[]> {
  const fixed = await baseCommands(run);
  if (fixed.some((command) => command.kind === "test")) return fixed;
  const { workspaces } = run.ports;
  const own = await workspaces.commands(run.input.request.repo, sha);
  return own.map((command) => ({ ...command, source: "change" as const }));
}

/** The commands as they were before the run. To be called inside a step. */
function baseCommands(run: RunContext): Promise<RepoCommand[]> {
  return run.ports.workspaces.commands(run.input.request.repo, run.view.started.baseSha);
}

/**
 * What compares commits: the base's commands without lint; none where nothing would be tested. To be called inside a
 * step.
 */
export async function baseSuite(run: RunContext): Promise<RepoCommand[]> {
  const commands = (await baseCommands(run)).filter(({ kind }) => kind !== "lint");
  return commands.some(({ kind }) => kind === "test") ? commands : [];
}
