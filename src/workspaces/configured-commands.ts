import { parse } from "yaml";
import { UserError } from "../domain/failure.ts";
import type { RepoCommand, ServiceSpec } from "../domain/gate/evidence.ts";
import {
  checkRepoConfig,
  commandsFromConfig,
  REPO_CONFIG_PATH,
  servicesFromConfig,
} from "../domain/repo-config.ts";

/**
 * The commands a repository names in its profile, none when it names none, and the services for its tests; undefined
 * without a profile. Throws a `UserError` with every problem when the profile is wrong: guessing past it could verify
 * the wrong thing.
 */
export async function configuredCommands(
  read: (path: string) => Promise<string | undefined>,
): Promise<{ commands: RepoCommand[]; services: ServiceSpec[] } | undefined> {
  const text = await read(REPO_CONFIG_PATH);
  if (text === undefined) return undefined;
  const checked = checkRepoConfig(parseYaml(text));
  if (!checked.ok) {
    const problems = checked.problems.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new UserError(`${REPO_CONFIG_PATH} has mistakes: ${problems.join("; ")}.`);
  }
  const { config } = checked;
  return {
    commands: commandsFromConfig(config, "base-config"),
    services: servicesFromConfig(config),
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : "";
    throw new UserError(`${REPO_CONFIG_PATH} is not valid YAML: ${reason}`);
  }
}
