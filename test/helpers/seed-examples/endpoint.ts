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
import { buildTask, designTask, planOf, reviewTask, securityTask, testTask } from "./plans.ts";

const { list, requirements } = criteria([
  "`POST /api/assets` with a valid asset answers 201 with the stored asset in normal form.",
  "What is not valid is refused and not stored: 422 names each wrong field, 400 stands for malformed JSON, 413 for a body above 16 KiB, 415 for another content type.",
  "Assets are stored in DynamoDB through the official SDK by a conditional write; a second asset with the same kind and identifier is refused with 409.",
  "A registered asset is listed by `GET /api/assets`, oldest first.",
]);

const CODE = [
  "internal/api/api.go",
  "internal/api/api_test.go",
  "internal/api/create.go",
  "internal/api/create_test.go",
  "internal/assets/asset.go",
  "internal/assets/validation.go",
  "internal/table/add.go",
];
const TESTS = {
  unit: "internal/assets/validation_test.go",
  integration: "internal/table/add_test.go",
  acceptance: "acceptance/assets_test.go",
};

const PLAN = planOf({
  summary:
    "Let clients register assets by POST /api/assets: strict validation, one conditional write to DynamoDB, and tests of all three kinds.",
  concerns: ["architecture", "implementation", "testing", "security", "review"],
  requirements,
  architecture:
    "Package assets decides what a valid asset is and knows neither HTTP nor storage. Package table writes it with a condition. Package api connects the two.",
  design: designTask({
    id: "design-registration",
    title: "Decide where validation and uniqueness live",
    objective:
      "Decide for R1 to R4 which package validates, how a second asset with the same key is recognised when requests come at the same time, and what each error answers.",
    inputs: ["internal/table/item.go: the stored shape", "internal/api/api.go: the routes"],
  }),
  implementation: [
    buildTask({
      id: "build-registration",
      title: "Implement POST /api/assets",
      objective:
        "Write the validation, the conditional write and the handler of R1 to R4 as the design says, with basic tests of the handler.",
      inputs: ["the accepted design"],
      files: [...CODE, "README.md"],
      after: ["design-registration"],
      requirements: ["R1", "R2", "R3", "R4"],
    }),
  ],
  testing: [
    testTask({
      mode: "unit",
      title: "Test what is valid",
      file: TESTS.unit,
      covers: ["R2"],
      after: "build-registration",
    }),
    testTask({
      mode: "integration",
      title: "Test the conditional write",
      file: TESTS.integration,
      covers: ["R3", "R4"],
      after: "build-registration",
    }),
    testTask({
      mode: "acceptance",
      title: "Test the started program",
      file: TESTS.acceptance,
      covers: ["R1", "R2", "R3", "R4"],
      after: "build-registration",
    }),
  ],
  quality: [
    reviewTask("review-registration", "Review the endpoint", "R1 to R4"),
    securityTask(
      "secure-registration",
      "Review how outside input is treated",
      "review-registration",
    ),
  ],
});

const DESIGN = {
  status: "complete",
  summary:
    "Package assets validates, the table itself refuses a second asset, the handler only connects them.",
  decision: {
    recommendation:
      "A pure function assets.New gives an asset in normal form or every problem at once. Assets.Add writes with the condition that the key is not there. The handler maps errors to answers.",
    alternatives_considered: [
      {
        name: "conditional write",
        summary:
          "DynamoDB itself decides, in one request, also for requests at the same time. Chosen.",
      },
      {
        name: "read, then write",
        summary: "Simple to read, but between the two another request can write the same key.",
      },
    ],
    trade_offs: {
      gains: ["no window between check and write", "rules are tested without HTTP or storage"],
      loses: ["the answer to a duplicate does not hold the asset that is there"],
    },
    rationale: "An inventory is useful only if an asset is in it once.",
    boundaries: ["assets knows neither HTTP nor storage", "table knows no HTTP"],
    schema: ["unchanged: key, kind, identifier, labels, addedAt"],
    contracts: [
      "POST /api/assets {kind, identifier, labels?} -> 201 asset",
      "400 malformed_json, 409 duplicate_asset, 413 body_too_large, 415 unsupported_media_type, 422 invalid_asset",
    ],
    major_trade_off: false,
  },
};

const CREATE = "internal/api/create.go";
const CAREFUL =
  "ctx, cancel := context.WithTimeout(r.Context(), storageWait)\n\t\tdefer cancel()\n";
/** Builds, and every test passes; only `go vet` notices. */
const LEAKING = "ctx, _ := context.WithTimeout(r.Context(), storageWait)\n";

const LIST_ROW = '| `GET /api/assets` | `200` with `{"assets":[...],"total":n}`, oldest first |';
const CREATE_ROW =
  "| `POST /api/assets` | `201` with the asset, from `{kind, identifier, labels?}`; `422` with `problems`, `409` when it is there |";

const firstAttempt: readonly Step[] = [
  say(
    "First what is there.\n",
    together(read("internal/api/api.go"), read("internal/table/item.go")),
  ),
  say("The rules come first, they need nothing.\n", put("endpoint", "internal/assets/asset.go")),
  together(
    put("endpoint", "internal/assets/validation.go"),
    put("endpoint", "internal/table/add.go"),
  ),
  together(
    write(CREATE, mistaken(finished("endpoint", CREATE), CAREFUL, LEAKING)),
    put("endpoint", "internal/api/api.go"),
    put("endpoint", "internal/api/api_test.go"),
    put("endpoint", "internal/api/create_test.go"),
    edit("README.md", LIST_ROW, `${LIST_ROW}\n${CREATE_ROW}`),
  ),
  bash("gofmt -l internal"),
  developed("Assets can be registered.", [...CODE, "README.md"]),
];

const secondAttempt: readonly Step[] = [
  say("The finding names the place.\n", read(CREATE)),
  edit(CREATE, LEAKING, CAREFUL),
  bash("gofmt -l internal"),
  developed("The time limit's resources are released.", [CREATE]),
];

/** Seed example 1: a complete endpoint. The first handler leaks a timer, which `go vet` refuses. */
export const ENDPOINT: Example = {
  title: "Let clients register assets",
  body: `Assets come into the table by the nightly import; no client can add one.\n\n${list}`,
  command: "/orchestrate Implement POST /api/assets with validation, DynamoDB storage and tests",
  script: script(
    role("backend-orchestrator", [
      say("I look before I plan.\n", together(read("README.md"), read("internal/api/api.go"))),
      submit(PLAN),
    ]),
    role(
      "backend-lead",
      [together(read("internal/table/table.go"), grep("List\\(")), submit(DESIGN)],
      {
        mode: "architecture",
      },
    ),
    role("backend-developer", firstAttempt, { attempt: 1 }),
    role("backend-developer", secondAttempt, { attempt: 2 }),
    role(
      "backend-tester",
      [
        put("endpoint", TESTS.unit),
        bash("go test ./internal/assets"),
        tested("unit", {
          file: TESTS.unit,
          count: 5,
          covers: ["R2"],
          summary: "Every rule of validation has a test.",
        }),
      ],
      { mode: "unit" },
    ),
    role(
      "backend-tester",
      [
        read("internal/table/table_test.go"),
        put("endpoint", TESTS.integration),
        tested("integration", {
          file: TESTS.integration,
          count: 4,
          covers: ["R3", "R4"],
          summary: "The table takes an asset once, also from eight at the same time.",
        }),
      ],
      { mode: "integration" },
    ),
    role(
      "backend-tester",
      [
        read("cmd/surface/main.go"),
        put("endpoint", TESTS.acceptance),
        tested("acceptance", {
          file: TESTS.acceptance,
          count: 1,
          covers: ["R1", "R2", "R3", "R4"],
          summary: "The started program registers, refuses and lists.",
        }),
      ],
      { mode: "acceptance" },
    ),
    role("backend-lead", [read(CREATE), approved("All four requirements are met and guarded.")], {
      mode: "review",
    }),
    role("backend-security-reviewer", [
      together(read(CREATE), read("internal/assets/validation.go")),
      secure("Input is bounded, decoded strictly and matched by anchored patterns.", CODE),
    ]),
  ),
};
