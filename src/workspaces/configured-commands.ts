import { parse } from "yaml";
import { UserError } from "../domain/failure.ts";
import type { RepoCommand } from "../domain/gate/evidence.ts";
import { checkRepoConfig, commandsFromConfig, REPO_CONFIG_PATH } from "../domain/repo-config.ts";

/**
 * The commands a repository names in its profile; undefined when it has no profile or the profile names none. Throws a
 * `UserError` with every problem when the profile is wrong: guessing past it could verify the wrong thing.
 */
export async function configuredCommands(
  read: (path: string) => Promise<string | undefined>,
): Promise<RepoCommand[] | undefined> {
  const text = await read(REPO_CONFIG_PATH);
  if (text === undefined) return undefined;
  const checked = checkRepoConfig(parseYaml(text));
  if (!checked.ok) {
    const problems = checked.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new UserError(`${REPO_CONFIG_PATH} has mistakes: ${problems.join("; ")}.`);
  }
  const commands = commandsFromConfig(checked.config, "base-config");
  return commands.length === 0 ? undefined : commands;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : "";
    throw new UserError(`${REPO_CONFIG_PATH} is not valid YAML: ${reason}`);
  }
}
