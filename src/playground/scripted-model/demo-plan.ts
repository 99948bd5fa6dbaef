import type { Kit, TestMode } from "./demo-kit.ts";

/** The plan that the scripted orchestrator proposes for the sample service. Its shape is the app's `plan` schema. */
export function demoPlan(kit: Kit) {
  return {
    summary: SUMMARY,
    concerns: ["architecture", "implementation", "testing", "review"],
    requirements: REQUIREMENTS,
    phases: [
      { phase: "architecture", tasks: [designTask(kit)] },
      { phase: "implementation", tasks: [buildTask(kit)] },
      {
        phase: "testing",
        tasks: [testTask(kit, "unit"), testTask(kit, "integration"), testTask(kit, "acceptance")],
      },
      { phase: "quality", tasks: [REVIEW_TASK, SECURITY_TASK] },
    ],
  };
}

const SUMMARY =
  "Add POST /api/assets to the inventory: validate what clients send, store it without duplicates, and prove it by unit, integration and acceptance tests.";

const REQUIREMENTS = [
  {
    id: "R1",
    text: "POST /api/assets with a valid asset answers 201 with the stored asset, its id and its time.",
  },
  {
    id: "R2",
    text: "What is not valid is refused with a reason for every wrong field: 422 for fields, 400 for malformed JSON, 415 for other content, 413 above 16 KiB.",
  },
  {
    id: "R3",
    text: "An asset is stored once: a second one with the same kind and identifier, in any spelling, is refused with 409.",
  },
  { id: "R4", text: "Stored assets appear in GET /api/assets, oldest first." },
  { id: "R5", text: "Unit, integration and acceptance tests cover the endpoint." },
];

function designTask(kit: Kit) {
  return {
    id: "design-create-asset",
    title: "Decide how assets are validated and stored",
    specialist: "backend-lead",
    mode: "architecture",
    objective:
      "Decide where validation lives, how duplicates are recognised and what each error answers, so that the developer need not guess.",
    inputs: [`${kit.existing.join(", ")} as they are`],
    files: [],
    expected_output:
      "One decision with two alternatives, boundaries, the stored shape and the endpoint's contract with its five error cases.",
    depends_on: [],
  };
}

function buildTask(kit: Kit) {
  return {
    id: "build-create-asset",
    title: "Implement POST /api/assets",
    specialist: "backend-developer",
    mode: "implementation",
    objective:
      "Write the handler, the validation and the store's duplicate check as the design says, with a basic test.",
    inputs: ["the accepted design"],
    files: [...Object.values(kit.files), "README.md"],
    expected_output:
      "A working endpoint in 7 files, the README's table included; the build and all tests pass.",
    depends_on: ["design-create-asset"],
    requirements: ["R1", "R2", "R3", "R4"],
  };
}

const REVIEW_TASK = {
  id: "review-create-asset",
  title: "Review the endpoint",
  specialist: "backend-lead",
  mode: "review",
  objective: "Judge the change against R1 to R5, then its quality.",
  inputs: ["the diff against the base commit"],
  files: [],
  expected_output: "Two verdicts, with file and line for every finding.",
  depends_on: [],
};

const SECURITY_TASK = {
  id: "security-review",
  title: "Review how outside input is treated",
  specialist: "backend-security-reviewer",
  mode: "security",
  objective:
    "Follow what a client sends from the socket to the store and to the answers, and report what could be misused.",
  inputs: ["the diff against the base commit"],
  files: [],
  expected_output: "One verdict, with file and line for every finding.",
  depends_on: ["review-create-asset"],
};

function testTask(kit: Kit, mode: TestMode) {
  const { file, cases } = kit.tests[mode];
  const about = {
    unit: { what: "validation alone", covers: ["R2", "R5"] },
    integration: { what: "handler and store over HTTP", covers: ["R1", "R2", "R3", "R4", "R5"] },
    acceptance: { what: "the started service", covers: ["R1", "R3", "R4", "R5"] },
  }[mode];
  return {
    id: `${mode}-tests`,
    title: `Test ${about.what}`,
    specialist: "backend-tester",
    mode,
    objective: `Guard ${about.what} by ${mode} tests for ${about.covers.join(", ")}.`,
    inputs: ["the implemented endpoint"],
    files: [file],
    expected_output: `${cases} cases in one file, all passing.`,
    depends_on: ["build-create-asset"],
    requirements: about.covers,
    commands: [{ run: kit.testOne(file), expect: `exit code 0 and ${cases} passing cases` }],
  };
}
