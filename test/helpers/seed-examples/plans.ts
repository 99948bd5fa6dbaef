import type { TestMode } from "../../../src/domain/specialist/results.ts";

type Task = Readonly<Record<string, unknown>>;

/** What a plan of the seed's examples is made of; an absent design is skipped with the reason. */
export interface Plan {
  readonly summary: string;
  readonly concerns: readonly string[];
  readonly requirements: readonly { readonly id: string; readonly text: string }[];
  readonly architecture: string;
  readonly design: Task | { readonly skip: string };
  readonly implementation: readonly Task[];
  readonly testing: readonly Task[];
  readonly quality: readonly Task[];
}

export function planOf(plan: Plan): Task {
  const { summary, concerns, requirements, architecture, design } = plan;
  return {
    summary,
    concerns,
    requirements,
    architecture,
    tech_stack: ["Go", "aws-sdk-go-v2"],
    phases: [
      "skip" in design
        ? { phase: "architecture", skip_reason: design["skip"] }
        : { phase: "architecture", tasks: [design] },
      { phase: "implementation", tasks: plan.implementation },
      { phase: "testing", tasks: plan.testing },
      { phase: "quality", tasks: plan.quality },
    ],
  };
}

export function designTask(task: {
  id: string;
  title: string;
  objective: string;
  inputs: readonly string[];
}): Task {
  return {
    specialist: "backend-lead",
    mode: "architecture",
    files: [],
    expected_output: "One decision with its alternatives, the boundaries and the contracts.",
    depends_on: [],
    human_minutes: 60,
    ...task,
  };
}

export function buildTask(task: {
  id: string;
  title: string;
  objective: string;
  inputs: readonly string[];
  files: readonly string[];
  after: readonly string[];
  requirements: readonly string[];
}): Task {
  const { after, ...rest } = task;
  return {
    specialist: "backend-developer",
    mode: "implementation",
    expected_output: "The requirements are met, and build, vet and all tests pass.",
    depends_on: after,
    commands: [
      { run: "go build ./...", expect: "exit code 0" },
      { run: "go vet ./...", expect: "exit code 0, no output" },
    ],
    human_minutes: 240,
    ...rest,
  };
}

export function testTask(task: {
  mode: TestMode;
  title: string;
  file: string;
  covers: readonly string[];
  after: string;
}): Task {
  const { mode, title, file, covers, after } = task;
  const folder = file.slice(0, file.lastIndexOf("/"));
  return {
    id: `${mode}-tests`,
    title,
    specialist: "backend-tester",
    mode,
    objective: `Guard ${covers.join(", ")} by ${mode} tests in ${file}.`,
    inputs: [`the result of ${after}`],
    files: [file],
    expected_output: `${file} with passing tests for ${covers.join(", ")}.`,
    depends_on: [after],
    requirements: covers,
    commands: [{ run: `go test ./${folder}`, expect: "a line that begins with ok" }],
    human_minutes: 120,
  };
}

export function reviewTask(id: string, title: string, requirements: string): Task {
  return {
    id,
    title,
    specialist: "backend-lead",
    mode: "review",
    objective: `Judge the change against ${requirements}, then its quality.`,
    inputs: ["the diff against the base commit"],
    files: [],
    expected_output: "Two verdicts, with file and line for each finding.",
    depends_on: [],
  };
}

export function securityTask(id: string, title: string, after: string): Task {
  return {
    id,
    title,
    specialist: "backend-security-reviewer",
    mode: "security",
    objective: "Follow what comes from outside to where it is stored and to where it is shown.",
    inputs: ["the diff against the base commit"],
    files: [],
    expected_output: "One verdict, with file and line for each finding.",
    depends_on: [after],
  };
}
