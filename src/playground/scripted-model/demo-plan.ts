type TestMode = "unit" | "integration" | "acceptance";

/** The file that the tester of each mode writes; no two share one. */
export const TEST_FILES: Readonly<Record<TestMode, string>> = {
  unit: "test/unit/validation.test.js",
  integration: "test/integration/create-asset.test.js",
  acceptance: "test/acceptance/asset-journey.test.js",
};

/** The plan that the scripted orchestrator proposes for the sample service. Its shape is the app's `plan` schema. */
export const demoPlan = {
  summary:
    "Add POST /api/assets to the inventory: validate what clients send, store it without duplicates, and prove it by unit, integration and acceptance tests.",
  concerns: ["architecture", "implementation", "testing", "review"],
  requirements: [
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
  ],
  phases: [
    {
      phase: "architecture",
      tasks: [
        {
          id: "design-create-asset",
          title: "Decide how assets are validated and stored",
          specialist: "backend-lead",
          mode: "architecture",
          objective:
            "Decide where validation lives, how duplicates are recognised and what each error answers, so that the developer need not guess.",
          inputs: ["src/app.js, src/http.js and src/assets as they are"],
          files: [],
          expected_output:
            "One decision with two alternatives, boundaries, the stored shape and the endpoint's contract with its five error cases.",
          depends_on: [],
        },
      ],
    },
    {
      phase: "implementation",
      tasks: [
        {
          id: "build-create-asset",
          title: "Implement POST /api/assets",
          specialist: "backend-developer",
          mode: "implementation",
          objective:
            "Write the handler, the validation and the store's duplicate check as the design says, with a basic test.",
          inputs: ["the accepted design"],
          files: [
            "src/app.js",
            "src/http.js",
            "src/assets/handlers.js",
            "src/assets/store.js",
            "src/assets/validation.js",
            "test/create-asset.test.js",
            "README.md",
          ],
          expected_output:
            "A working endpoint in 7 files, the README's table included; the build and all tests pass.",
          depends_on: ["design-create-asset"],
        },
      ],
    },
    {
      phase: "testing",
      tasks: [testTask("unit"), testTask("integration"), testTask("acceptance")],
    },
    {
      phase: "quality",
      tasks: [
        {
          id: "review-create-asset",
          title: "Review the endpoint",
          specialist: "backend-lead",
          mode: "review",
          objective: "Judge the change against R1 to R5, then its quality.",
          inputs: ["the diff against the base commit"],
          files: [],
          expected_output: "Two verdicts, with file and line for every finding.",
          depends_on: [],
        },
        {
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
        },
      ],
    },
  ],
} as const;

function testTask(mode: TestMode) {
  const about = {
    unit: { what: "validation alone", covers: "R2", count: "at least 20 cases" },
    integration: { what: "handler and store over HTTP", covers: "R1 to R4", count: "9 cases" },
    acceptance: { what: "the started service", covers: "R1 to R4", count: "3 journeys" },
  }[mode];
  return {
    id: `${mode}-tests`,
    title: `Test ${about.what}`,
    specialist: "backend-tester",
    mode,
    objective: `Guard ${about.what} by ${mode} tests for ${about.covers}.`,
    inputs: ["the implemented endpoint"],
    files: [TEST_FILES[mode]],
    expected_output: `${about.count} in one file, all passing.`,
    depends_on: ["build-create-asset"],
  };
}
