import { join } from "node:path";
import type { RepoRef, Sha } from "../../domain/ids.ts";
import type { DefinitionSet } from "../../domain/skill/definition.ts";
import type { Definitions } from "../../ports/stores.ts";
import { readAgentFolder, readSkillFolder } from "./definition-folders.ts";
import { type DefinitionFiles, overlay } from "./overlay.ts";
import { type RepositoryReader, readRepositoryDefinitions } from "./repository-definitions.ts";

const REMEMBERED = 32;

/** The package's own definitions, from its `agents` and `skills` folders. Rejects when a folder cannot be read. */
async function readPackageFiles(packageDir: string): Promise<DefinitionFiles> {
  const source = { kind: "package" } as const;
  const agents = await readAgentFolder({
    dir: join(packageDir, "agents"),
    prefix: "agents/",
    source,
  });
  const skills = await readSkillFolder({
    dir: join(packageDir, "skills"),
    prefix: "skills/",
    source,
  });
  return { agents: agents.reports, skills: skills.reports };
}

/**
 * The definitions that govern runs: the package's, read once, with a repository's at one commit laid over them. A
 * commit's definitions never change, so the last 32 sets are kept. A failing read is not remembered.
 */
export function createDefinitions(from: { packageDir: string } & RepositoryReader): Definitions {
  let builtIn: Promise<DefinitionFiles> | undefined;
  const sets = new Map<string, Promise<DefinitionSet>>();

  async function read(repo: RepoRef, sha: Sha): Promise<DefinitionSet> {
    builtIn ??= readPackageFiles(from.packageDir);
    const repository = await readRepositoryDefinitions(from, { repo, sha });
    return overlay(await builtIn, repository);
  }

  async function load(repo: RepoRef, sha: Sha): Promise<DefinitionSet> {
    const key = `${repo.id} ${sha}`;
    const known = sets.get(key);
    if (known) return await known;
    const reading = read(repo, sha);
    sets.set(key, reading);
    for (const old of [...sets.keys()].slice(0, -REMEMBERED)) sets.delete(old);
    try {
      return await reading;
    } catch (error) {
      sets.delete(key);
      builtIn = undefined;
      throw error;
    }
  }

  return { load };
}
