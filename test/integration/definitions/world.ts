import { resolve } from "node:path";
import { createDefinitions } from "../../../src/agents/definitions/definitions.ts";
import type { RepositoryReader } from "../../../src/agents/definitions/repository-definitions.ts";
import { createInstructor } from "../../../src/agents/instructor.ts";
import { DispatchId, type RepoRef, Sha, TaskId } from "../../../src/domain/ids.ts";
import { PlannedTask } from "../../../src/domain/plan/plan.ts";
import { SPECIALISTS } from "../../../src/domain/specialist/specialists.ts";
import type { Brief, Instructor, InstructRequest } from "../../../src/ports/agents.ts";

export const PACKAGE_DIR = resolve(import.meta.dirname, "..", "..", "..");
export const SHA = Sha.parse("b".repeat(40));
export const REPO: RepoRef = { id: 1, owner: "acme", name: "shop", installationId: 1 };

/** A repository that holds these files at every commit; `asked` lists the commits that were read. */
export function repositoryWith(
  files: Readonly<Record<string, string>>,
): RepositoryReader & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    readFile(_repo, sha, path) {
      asked.push(sha);
      return Promise.resolve(files[path]);
    },
    listFiles(_repo, sha, under = "") {
      asked.push(sha);
      return Promise.resolve(Object.keys(files).filter((path) => path.startsWith(under)));
    },
  };
}

export const BRIEF: Brief = {
  objective: "POST /api/assets stores an asset.",
  context: ["architecture, design (backend-lead): one table"],
  scope: ["Touch only internal/assets.", "Do not write acceptance tests."],
  expected: "One handler with its tests.",
  findings: [],
  answers: [],
  data: [{ title: "Issue #7: body", text: "Please store assets." }],
};

/** A request for one dispatch of a role, in its first mode. */
export function request(role: string, change: Partial<InstructRequest> = {}): InstructRequest {
  const mode = SPECIALISTS.find((facts) => facts.name === role)?.modes[0];
  return {
    repo: REPO,
    definitionsSha: SHA,
    dispatchId: DispatchId.parse("1-1-r1.build.1"),
    role,
    task: PlannedTask.parse({
      id: TaskId.parse("build"),
      title: "Build the endpoint",
      specialist: role,
      ...(mode ? { mode } : {}),
      objective: "POST /api/assets stores an asset.",
      expected_output: "One handler with its tests.",
    }),
    phase: "implementation",
    attempt: 2,
    brief: BRIEF,
    routing: { text: "Please store assets.", labels: [], paths: [] },
    ...change,
  };
}

let count = 0;
/** An instructor over the package and a repository with these files; each has a delimiter of its own. */
export function instructor(files: Readonly<Record<string, string>> = {}): Instructor {
  const reader = repositoryWith(files);
  const definitions = createDefinitions({ packageDir: PACKAGE_DIR, ...reader });
  count += 1;
  const delimiter = `delimiter${count}`;
  return createInstructor({ definitions, readFile: reader.readFile, delimiter: () => delimiter });
}
