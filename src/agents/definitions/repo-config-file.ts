import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import {
  type ConfigProblem,
  checkRepoConfig,
  REPO_CONFIG_PATH,
  type RepoConfig,
} from "../../domain/repo-config.ts";
import type { Profiles } from "../../ports/stores.ts";
import { normaliseText } from "./front-matter.ts";
import type { RepositoryReader } from "./repository-definitions.ts";

const MAX_BYTES = 64 * 1024;

export type ParsedConfig =
  | { readonly ok: true; readonly config: RepoConfig }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads `.github/orchestrator.yml` and names everything that is wrong at once, each with its line. Never throws. */
export function parseRepoConfig(text: string): ParsedConfig {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) return refuse(`the file has ${bytes} bytes; ${MAX_BYTES} are allowed`);
  const lines = new LineCounter();
  const document = parseDocument(normaliseText(text), {
    schema: "core",
    merge: false,
    lineCounter: lines,
    logLevel: "silent",
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    return {
      ok: false,
      problems: broken.slice(0, 20).map((error) => ({
        path: [],
        message: error.message.split(/ at line \d+/)[0] ?? error.code,
        ...(error.linePos ? { line: error.linePos[0].line } : {}),
      })),
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : "the file cannot be read");
  }
  const checked = checkRepoConfig(value ?? {});
  if (checked.ok) return checked;
  const problems = checked.problems.map((problem) => {
    const line = lineOf(document.contents, problem.path, lines);
    return line === undefined ? problem : { ...problem, line };
  });
  return { ok: false, problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function refuse(message: string): ParsedConfig {
  return { ok: false, problems: [{ path: [], message }] };
}

/** The line of the deepest place of `path` that the file has. */
function lineOf(
  contents: unknown,
  path: readonly (string | number)[],
  lines: LineCounter,
): number | undefined {
  let node = contents as Node | null;
  let offset = node?.range?.[0];
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      const item = node.items[Number(part)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

/** All problems of a profile in one text for a comment, one line each. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string {
  return problems
    .map(({ path, message, line }) => {
      const where = path.length > 0 ? `\`${path.join(".")}\`: ` : "";
      return `- ${line === undefined ? "" : `line ${line}, `}${where}${message}`;
    })
    .join("\n");
}

/** Reads profiles from a repository's commits. */
export function createProfiles(reader: Pick<RepositoryReader, "readFile">): Profiles {
  return {
    async read(repo, sha) {
      const text = await reader.readFile(repo, sha, REPO_CONFIG_PATH);
      if (text === undefined) return {};
      const parsed = parseRepoConfig(text);
      return parsed.ok
        ? { config: parsed.config }
        : { problems: describeConfigProblems(parsed.problems) };
    },
  };
}
