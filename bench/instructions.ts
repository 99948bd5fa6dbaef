import { createDefinitions } from "../src/agents/definitions/definitions.ts";
import { instructOne } from "../src/agents/instructor.ts";
import { DispatchId, type RepoRef, Sha, TaskId } from "../src/domain/ids.ts";
import { PlannedTask, type TaskMode } from "../src/domain/plan/plan.ts";
import type { DefinitionSet } from "../src/domain/skill/definition.ts";
import { ORCHESTRATOR_ROLE, SPECIALISTS } from "../src/domain/specialist/specialists.ts";
import type { Instructed } from "../src/ports/agents.ts";

/** Tokens are estimated as a quarter of the characters: no provider's tokenizer is at hand. */
const CHARACTERS_PER_TOKEN = 4;

const ISSUE =
  "Add POST /api/assets. Validate the body, store assets in DynamoDB, answer 201 with the id, and cover it with tests.";
const TASK = "Write the handler and its storage; answer 201 with the id.";
const OTHER_TASK = "Guard the storage against a goroutine that outlives its request.";
const OTHER_ISSUE =
  "Webhook deliveries of the courier are processed twice when two goroutines race. Make processing idempotent.";

/** What one dispatch of a role costs in instructions, in estimated tokens. */
export interface InstructionCost {
  readonly role: string;
  readonly mode: string;
  /** Names and descriptions of what is not loaded. */
  readonly catalogue: number;
  /** Definition, host rules and the skills that every dispatch of the role has. */
  readonly mandatory: number;
  /** Skills that this task's text brought in. */
  readonly onDemand: number;
  /** The brief without skills. */
  readonly brief: number;
  readonly total: number;
  /** The total if every skill of the package were put into the prompt. */
  readonly everything: number;
  /** Share of one dispatch's text that another task of the role in the same run begins with as well. */
  readonly sharedInRun: number;
  /** The same for a task of another run, on another issue. */
  readonly sharedAcrossRuns: number;
}

/** Measures every role and mode of the roster on two issues, with this package's own definitions. */
export async function measureInstructions(packageDir: string): Promise<InstructionCost[]> {
  const repo: RepoRef = { id: 1, owner: "bench", name: "bench", installationId: 1 };
  const sha = Sha.parse("0".repeat(40));
  const definitions = createDefinitions({
    packageDir,
    readFile: () => Promise.resolve(undefined),
    listFiles: () => Promise.resolve([]),
  });
  const set = await definitions.load(repo, sha);
  const places = SPECIALISTS.flatMap(({ name, modes }) =>
    modes.map((mode) => ({ role: name, mode })),
  );
  return [{ role: ORCHESTRATOR_ROLE }, ...places].map((place) => cost(set, { repo, sha, place }));
}

interface Where {
  readonly repo: RepoRef;
  readonly sha: Sha;
  readonly place: { readonly role: string; readonly mode?: TaskMode };
}

function cost(set: DefinitionSet, where: Where): InstructionCost {
  const one = instruct(set, where, { issue: ISSUE, task: TASK });
  const sibling = instruct(set, where, { issue: ISSUE, task: OTHER_TASK });
  const stranger = instruct(set, where, { issue: OTHER_ISSUE, task: OTHER_TASK });
  const [mandatory = "", rest = ""] = one.systemPrompt.split("\n# Skills on demand\n");
  const [catalogue = "", ofRun = ""] = rest.split("\n# Skills for this run\n");
  const [brief = "", ofTask = ""] = one.prompt.split("\n# Skills for this task\n");
  const all = set.skills.reduce((sum, skill) => sum + skill.body.length, 0);
  const text = wire(one);
  const given = new Set(one.loads.map((load) => load.sha256));
  const loaded = set.skills.reduce((sum, s) => sum + (given.has(s.sha256) ? s.body.length : 0), 0);
  return {
    role: where.place.role,
    mode: where.place.mode ?? "plan",
    catalogue: tokens(catalogue.length),
    mandatory: tokens(mandatory.length),
    onDemand: tokens(ofRun.length + ofTask.length),
    brief: tokens(brief.length),
    total: tokens(text.length),
    everything: tokens(text.length - catalogue.length - loaded + all),
    sharedInRun: commonPrefix(text, wire(sibling)) / text.length,
    sharedAcrossRuns: commonPrefix(text, wire(stranger)) / text.length,
  };
}

function wire(instructed: Instructed): string {
  return instructed.systemPrompt + instructed.prompt;
}

function instruct(
  set: DefinitionSet,
  where: Where,
  given: { issue: string; task: string },
): Instructed {
  const { repo, sha, place } = where;
  const { issue, task: objective } = given;
  const task = PlannedTask.parse({
    id: TaskId.parse("bench-task"),
    title: "Bench task",
    specialist: place.role,
    ...(place.mode ? { mode: place.mode } : {}),
    objective,
    expected_output: "What the objective says.",
  });
  return instructOne(
    set,
    {
      repo,
      definitionsSha: sha,
      dispatchId: DispatchId.parse("1-1-r1.bench-task.1"),
      role: place.role,
      task,
      attempt: 1,
      brief: {
        objective,
        context: [],
        scope: ["Work only inside this clone."],
        expected: task.expected_output,
        findings: [],
        answers: [],
        data: [{ title: "Issue #1: body", text: issue }],
      },
      routing: { text: `${issue}\n${objective}`, labels: [], paths: [] },
    },
    { config: undefined, delimiter: () => "0123456789abcdef01234567" },
  );
}

function tokens(characters: number): number {
  return Math.round(characters / CHARACTERS_PER_TOKEN);
}

/** How many characters two texts begin with alike. */
export function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
