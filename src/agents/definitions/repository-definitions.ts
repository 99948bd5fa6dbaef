import { fullName, type RepoRef, type Sha } from "../../domain/ids.ts";
import type {
  AgentDefinition,
  Diagnostic,
  SkillDefinition,
} from "../../domain/skill/definition.ts";
import { routeCandidates } from "../../domain/skill/routing.ts";
import { type FileReport, readAgentFile, readSkillFile, sourceFile } from "./definition-file.ts";
import { isLibraryPath } from "./definition-folders.ts";
import { readRoutes } from "./gateway.ts";
import { byCodeUnits } from "./tree-walk.ts";

/** The reading part of the Workspaces port. */
export interface RepositoryReader {
  readonly readFile: (repo: RepoRef, sha: Sha, path: string) => Promise<string | undefined>;
  readonly listFiles: (repo: RepoRef, sha: Sha, under?: string) => Promise<string[]>;
}

/** How much of a repository's definitions is read. */
export interface RepositoryLimits {
  readonly files: number;
  readonly depth: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

export const REPOSITORY_LIMITS: RepositoryLimits = {
  files: 500,
  depth: 6,
  fileBytes: 256 * 1024,
  totalBytes: 8 * 1024 * 1024,
};

const AGENT_FOLDERS = [".claude/agents"];
const SKILL_FOLDERS = [".claude/skills", ".agents/skills"];
const LIBRARY_FOLDERS = [".claude/skill-library"];
const AT_ONCE = 8;

export interface RepositoryDefinitions {
  readonly agents: readonly FileReport<AgentDefinition>[];
  readonly skills: readonly FileReport<SkillDefinition>[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a repository's definitions at one commit, within limits: all agents and core skills, and those library skills
 * that a gateway of the repository routes to. Whatever is wrong with a file becomes a diagnostic. Rejects only if the
 * reader does.
 */
export async function readRepositoryDefinitions(
  reader: RepositoryReader,
  at: { repo: RepoRef; sha: Sha },
  limits: RepositoryLimits = REPOSITORY_LIMITS,
): Promise<RepositoryDefinitions> {
  const session = new Session(reader, at, limits);
  const agentPaths = await session.list(AGENT_FOLDERS, /\.md$/i);
  const skillPaths = await session.list(SKILL_FOLDERS, /(^|\/)SKILL\.md$/i);
  const libraryPaths = await session.list(LIBRARY_FOLDERS, /(^|\/)SKILL\.md$/i);
  const agents = await session.read(session.within(agentPaths), readAgentFile);
  const core = skillPaths.filter((path) => !isLibraryPath(path));
  const coreReports = await session.read(session.within(core), (file) =>
    readSkillFile(file, "core"),
  );
  const library = [...libraryPaths, ...skillPaths.filter(isLibraryPath)];
  const routed = routedPaths(coreReports, new Set(library));
  const libraryReports = await session.read(session.within(routed), (file) =>
    readSkillFile(file, "library"),
  );
  return { agents, skills: [...coreReports, ...libraryReports], diagnostics: session.diagnostics };
}

function routedPaths(
  core: readonly FileReport<SkillDefinition>[],
  present: ReadonlySet<string>,
): string[] {
  const routes = core.flatMap(({ outcome }) =>
    outcome.kind === "loaded" && outcome.value.name.startsWith("gateway-")
      ? readRoutes(outcome.value.name, outcome.value.body, outcome.bodyLine)
      : [],
  );
  const found = routes.flatMap((route) =>
    routeCandidates(route.path).filter((p) => present.has(p)),
  );
  return [...new Set(found)];
}

class Session {
  readonly diagnostics: Diagnostic[] = [];
  readonly #reader: RepositoryReader;
  readonly #at: { repo: RepoRef; sha: Sha };
  readonly #limits: RepositoryLimits;
  #bytes = 0;
  #files = 0;

  constructor(reader: RepositoryReader, at: { repo: RepoRef; sha: Sha }, limits: RepositoryLimits) {
    this.#reader = reader;
    this.#at = at;
    this.#limits = limits;
  }

  /** The files below some folders, in the folders' order and sorted within each. */
  async list(folders: readonly string[], wanted: RegExp): Promise<string[]> {
    const paths: string[] = [];
    for (const folder of folders) {
      const found = await this.#reader.listFiles(this.#at.repo, this.#at.sha, folder);
      const here = found.filter((path) => path.startsWith(`${folder}/`) && wanted.test(path));
      const shallow = here.filter((path) => path.split("/").length - 2 <= this.#limits.depth);
      if (shallow.length < here.length)
        this.#warn(
          folder,
          `${here.length - shallow.length} files deeper than ${this.#limits.depth} folders are ignored`,
        );
      paths.push(...shallow.toSorted(byCodeUnits));
    }
    return paths;
  }

  /** As many of the paths as the limit on files still allows. */
  within(paths: readonly string[]): readonly string[] {
    const room = Math.max(0, this.#limits.files - this.#files);
    this.#files += Math.min(room, paths.length);
    const [first] = paths.slice(room);
    if (first !== undefined)
      this.#warn(
        first,
        `this and ${paths.length - room - 1} more files are beyond the limit of ${this.#limits.files}`,
      );
    return paths.slice(0, room);
  }

  async read<T>(
    paths: readonly string[],
    read: (file: ReturnType<typeof sourceFile>) => FileReport<T>,
  ): Promise<FileReport<T>[]> {
    const reports: FileReport<T>[] = [];
    for (let i = 0; i < paths.length; i += AT_ONCE) {
      const batch = paths.slice(i, i + AT_ONCE);
      const texts = await Promise.all(
        batch.map((path) => this.#reader.readFile(this.#at.repo, this.#at.sha, path)),
      );
      batch.forEach((path, index) => {
        const text = texts[index];
        if (text !== undefined && this.#fits(path, text))
          reports.push(read(this.#file(path, text)));
      });
    }
    return reports;
  }

  #file(path: string, text: string): ReturnType<typeof sourceFile> {
    const repository = fullName(this.#at.repo);
    return sourceFile({
      path,
      text,
      source: { kind: "repository", repository, sha: this.#at.sha },
    });
  }

  #fits(path: string, text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (bytes > this.#limits.fileBytes) {
      this.#warn(path, `${bytes} bytes; ${this.#limits.fileBytes} are allowed`);
      return false;
    }
    if (this.#bytes + bytes > this.#limits.totalBytes) {
      this.#warn(path, `beyond ${this.#limits.totalBytes} bytes of definitions in all`);
      return false;
    }
    this.#bytes += bytes;
    return true;
  }

  #warn(file: string, message: string): void {
    this.diagnostics.push({ severity: "warning", file, rule: "not-read", message });
  }
}
