import {
  bash,
  edit,
  grep,
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
import { buildTask, designTask, planOf, reviewTask, testTask } from "./plans.ts";

const { list, requirements } = criteria([
  "Package `internal/capabilities` holds the rules alone: it depends on no network package, also not by way of another.",
  "The name server and web server code is in a package of its own, `internal/integrations`, and gives the capabilities.",
  "What the program answers stays as it is.",
]);

const RULES = "internal/capabilities/capabilities.go";
const RULES_TEST = "internal/capabilities/capabilities_test.go";
const HEADERS = "internal/integrations/headers.go";
const MOVED = ["internal/capabilities/headers.go", "internal/capabilities/resolve.go"];
const WRITTEN = [
  RULES,
  RULES_TEST,
  HEADERS,
  "internal/integrations/resolve.go",
  "internal/integrations/integrations.go",
  "internal/api/api_test.go",
  "cmd/surface/main.go",
];
const UNIT = "internal/capabilities/boundary_test.go";
const INTEGRATION = "internal/integrations/integrations_test.go";

const PLAN = planOf({
  summary:
    "Split package capabilities: the rules stay, what reaches name servers and web servers goes to integrations.",
  concerns: ["architecture", "implementation", "testing", "review"],
  requirements,
  architecture:
    "integrations imports capabilities and never the other way round; cmd/surface joins the two.",
  design: designTask({
    id: "design-split",
    title: "Decide where the boundary runs",
    objective:
      "Decide for R1 to R3 what is a rule and what is an integration, which package imports the other, and who joins them.",
    inputs: ["internal/capabilities: all of it", "internal/api/api.go: what uses it"],
  }),
  implementation: [
    buildTask({
      id: "split-capabilities",
      title: "Split capabilities from integrations",
      objective:
        "Move the lookups into internal/integrations as the design says (R1, R2) and let the program join both, so that its answers stay (R3).",
      inputs: ["the accepted design"],
      files: [...WRITTEN, ...MOVED, "README.md"],
      after: ["design-split"],
      requirements: ["R1", "R2", "R3"],
    }),
  ],
  testing: [
    testTask({
      mode: "unit",
      title: "Guard the boundary",
      file: UNIT,
      covers: ["R1"],
      after: "split-capabilities",
    }),
    testTask({
      mode: "integration",
      title: "Test the integrations against servers",
      file: INTEGRATION,
      covers: ["R2", "R3"],
      after: "split-capabilities",
    }),
  ],
  quality: [reviewTask("review-split", "Review the split", "R1 to R3")],
});

const DESIGN = {
  status: "complete",
  summary: "integrations imports capabilities; the rules take what they look with as values.",
  decision: {
    recommendation:
      "capabilities keeps Finding, Capability and Run. integrations holds Outside, Real, All and both lookups. cmd/surface gives integrations.All to whoever runs capabilities.",
    alternatives_considered: [
      {
        name: "integrations imports capabilities",
        summary: "Capability stays a value with a function, so that nothing is registered. Chosen.",
      },
      {
        name: "integrations register themselves",
        summary:
          "Shorter calls, but a global registry whose contents depend on which packages are imported.",
      },
    ],
    trade_offs: {
      gains: ["rules are tested without servers", "a new integration touches one package"],
      loses: ["callers name a second package"],
    },
    rationale: "The dependency points from what changes often to what changes rarely.",
    boundaries: [
      "capabilities imports assets alone",
      "integrations imports capabilities and assets",
    ],
    schema: ["unchanged"],
    contracts: ["GET /api/capabilities answers as before"],
    major_trade_off: false,
  },
};

const CLOSED = "\t\t\tdefer answer.Body.Close()\n";
const LAYOUT = "| `internal/capabilities` | what can be done to an asset |\n";
const NEW_LAYOUT =
  "| `internal/capabilities` | the rules of looking at assets |\n| `internal/integrations` | how capabilities reach name servers and web servers |\n";

const split: readonly Step[] = [
  say("I read what moves.\n", together(read(RULES), ...MOVED.map(read))),
  bash(
    "mkdir internal/integrations && git mv internal/capabilities/{headers,resolve}.go internal/integrations/",
  ),
  together(put("refactoring", RULES), put("refactoring", RULES_TEST)),
  together(
    put("refactoring", "internal/integrations/integrations.go"),
    put("refactoring", "internal/integrations/resolve.go"),
    // Lost while it was moved: no test and no check of Go's notices.
    write(HEADERS, mistaken(finished("refactoring", HEADERS), CLOSED, "")),
  ),
  together(
    put("refactoring", "cmd/surface/main.go"),
    put("refactoring", "internal/api/api_test.go"),
  ),
  edit("README.md", LAYOUT, NEW_LAYOUT),
  bash("gofmt -l internal cmd"),
  developed("The rules stand alone.", [...WRITTEN, ...MOVED, "README.md"]),
];

const BEFORE = "\t\t\tseen := []string{}\n";

const fix: readonly Step[] = [
  read(HEADERS),
  edit(HEADERS, BEFORE, CLOSED + BEFORE),
  bash("gofmt -l internal"),
  developed("The body is closed again.", [HEADERS]),
];

const OBJECTION = {
  status: "complete",
  summary: "The boundary is right; one line was lost on the way.",
  spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
  quality: {
    verdict: "changes_requested",
    issues: [
      {
        severity: "important",
        file: HEADERS,
        line: 26,
        description:
          "The answer's body is not closed any more, so that each look keeps a connection.",
        fix: "Close it when the function returns, as before the move.",
      },
    ],
  },
};

/** Seed example 3: one module becomes two. A line is lost in the move, which the reviewer finds. */
export const REFACTORING: Example = {
  title: "Separate integrations from the rules of capabilities",
  body: `Package capabilities mixes the rules with name servers and web servers.\n\n${list}`,
  command:
    "/orchestrate Refactor the capabilities module: separate integrations from core logic, with tests",
  script: script(
    role("backend-orchestrator", [together(read("README.md"), read(RULES)), submit(PLAN)]),
    role("backend-lead", [together(grep("capabilities\\."), read(RULES)), submit(DESIGN)], {
      mode: "architecture",
    }),
    role("backend-developer", fix, { task: /^fix-/ }),
    role("backend-developer", split),
    role(
      "backend-tester",
      [
        read(RULES),
        put("refactoring", UNIT),
        bash("go test ./internal/capabilities"),
        tested("unit", {
          file: UNIT,
          count: 1,
          covers: ["R1"],
          summary: "The boundary is guarded.",
        }),
      ],
      { mode: "unit" },
    ),
    role(
      "backend-tester",
      [
        read("internal/integrations/integrations.go"),
        put("refactoring", INTEGRATION),
        tested("integration", {
          file: INTEGRATION,
          count: 4,
          covers: ["R2", "R3"],
          summary: "Both integrations are tested by way of the rules.",
        }),
      ],
      { mode: "integration" },
    ),
    role("backend-lead", [read(HEADERS), submit(OBJECTION)], { mode: "review", attempt: 1 }),
    role("backend-lead", [read(HEADERS), approved("The line is back; the rules stand alone.")], {
      mode: "review",
    }),
    role("backend-security-reviewer", [
      read(HEADERS),
      secure("Code was moved; nothing new comes from outside.", WRITTEN),
    ]),
  ),
};
