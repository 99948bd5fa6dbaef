import {
  bash,
  edit,
  read,
  role,
  type Step,
  say,
  script,
  submit,
  together,
  write,
} from "../../../src/playground/scripted-model/script.ts";
import {
  approved,
  criteria,
  developed,
  type Example,
  finished,
  mistaken,
  put,
  secure,
  tested,
} from "./kit.ts";
import { buildTask, planOf, reviewTask, securityTask, testTask } from "./plans.ts";

const { list, requirements } = criteria([
  "`surface work` reads jobs from its input and prints one outcome for each, in the order of the jobs.",
  "Jobs are done by as many at the same time as `-workers` says.",
  "A job that fails is tried again, and begun no more often than `-attempts` says; a panic fails its own job only.",
  "When the work is stopped nothing more is begun, and what was not begun is reported as skipped.",
  "The program ends with 1 when any job was not done.",
]);

const SOURCE = "internal/jobs/pipeline.go";
const CODE = [SOURCE, "cmd/surface/work.go", "cmd/surface/main.go"];
const UNIT = "internal/jobs/pipeline_test.go";
const ACCEPTANCE = "acceptance/work_test.go";

const PLAN = planOf({
  summary:
    "Do jobs in a pipeline of workers with retries, driven by `surface work`, with unit and acceptance tests.",
  concerns: ["implementation", "testing", "review"],
  requirements,
  architecture:
    "Package jobs runs what it is given and knows no capability; cmd/surface joins it with the capabilities and with input and output.",
  design: { skip: "The package of jobs stands; the pipeline is one type beside it." },
  implementation: [
    buildTask({
      id: "build-pipeline",
      title: "Write the pipeline",
      objective: `Write Pipeline in ${SOURCE} for R1 to R4: bounded workers, bounded attempts, outcomes in order.`,
      inputs: ["internal/jobs/job.go: what a job is"],
      files: [SOURCE],
      after: [],
      requirements: ["R1", "R2", "R3", "R4"],
    }),
    buildTask({
      id: "build-command",
      title: "Join the pipeline with the program",
      objective: "Write the subcommand `surface work` for R1 and R5 on top of Pipeline.",
      inputs: ["the pipeline of build-pipeline"],
      files: ["cmd/surface/work.go", "cmd/surface/main.go", "README.md"],
      after: ["build-pipeline"],
      requirements: ["R1", "R5"],
    }),
  ],
  testing: [
    testTask({
      mode: "unit",
      title: "Test the pipeline alone",
      file: UNIT,
      covers: ["R1", "R2", "R3", "R4"],
      after: "build-command",
    }),
    testTask({
      mode: "acceptance",
      title: "Test the started program",
      file: ACCEPTANCE,
      covers: ["R1", "R3", "R5"],
      after: "build-command",
    }),
  ],
  quality: [
    reviewTask("review-pipeline", "Review the pipeline", "R1 to R5"),
    securityTask("secure-pipeline", "Review what a job can reach", "review-pipeline"),
  ],
});

const BOUNDED = "outcome.Attempts < max(p.Attempts, 1)";
/** One attempt more than allowed: it builds, and nothing that was there before notices. */
const UNBOUNDED = "outcome.Attempts <= max(p.Attempts, 1)";

const SERVE = "go run ./cmd/surface -address 127.0.0.1:8080 -table assets -region eu-central-1\n";
const WORK = "go run ./cmd/surface work -workers 4 -attempts 2 < jobs.json\n";

const buildPipeline: readonly Step[] = [
  say(
    "What a job is comes first.\n",
    together(read("internal/jobs/job.go"), read("cmd/surface/main.go")),
  ),
  write(SOURCE, mistaken(finished("pipeline", SOURCE), BOUNDED, UNBOUNDED)),
  bash("gofmt -l internal"),
  developed("Jobs are done by bounded workers.", [SOURCE]),
];

const buildCommand: readonly Step[] = [
  read(SOURCE),
  together(put("pipeline", "cmd/surface/work.go"), put("pipeline", "cmd/surface/main.go")),
  edit("README.md", SERVE, SERVE + WORK),
  developed("`surface work` does jobs.", [
    "cmd/surface/work.go",
    "cmd/surface/main.go",
    "README.md",
  ]),
];

const fix: readonly Step[] = [
  say("The test says what was counted.\n", read(SOURCE)),
  edit(SOURCE, UNBOUNDED, BOUNDED),
  bash("go test ./internal/jobs"),
  developed("A job is begun as often as allowed.", [SOURCE]),
];

/** Seed example 2: a job pipeline. The first one tries a job once too often, which the tester's tests show. */
export const PIPELINE: Example = {
  title: "Do jobs in a pipeline",
  body: `Jobs can be read, and nothing does them yet.\n\n${list}`,
  command: "/orchestrate Add a pipeline that does jobs, with unit and acceptance tests",
  script: script(
    role("backend-orchestrator", [
      together(read("README.md"), read("internal/jobs/job.go")),
      submit(PLAN),
    ]),
    role("backend-developer", fix, { task: /^fix-/ }),
    role("backend-developer", buildPipeline, { task: "build-pipeline" }),
    role("backend-developer", buildCommand, { task: "build-command" }),
    role(
      "backend-tester",
      [
        read(SOURCE),
        put("pipeline", UNIT),
        tested("unit", {
          file: UNIT,
          count: 7,
          covers: ["R1", "R2", "R3", "R4"],
          summary: "Order, workers, attempts, panics and stopping are guarded.",
        }),
      ],
      { mode: "unit" },
    ),
    role(
      "backend-tester",
      [
        read("cmd/surface/work.go"),
        put("pipeline", ACCEPTANCE),
        tested("acceptance", {
          file: ACCEPTANCE,
          count: 2,
          covers: ["R1", "R3", "R5"],
          summary: "The started program does jobs and says what was not done.",
        }),
      ],
      { mode: "acceptance" },
    ),
    role("backend-lead", [read(SOURCE), approved("All five requirements are met and guarded.")], {
      mode: "review",
    }),
    role("backend-security-reviewer", [
      read("cmd/surface/work.go"),
      secure("Jobs name capabilities that are built in; what they print is JSON.", CODE),
    ]),
  ),
};
