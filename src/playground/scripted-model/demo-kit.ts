import { readFileSync } from "node:fs";
import { type Action, edit } from "./script.ts";

export type TestMode = "unit" | "integration" | "acceptance";

/** One sample service: where its parts are, how it is built and tested, and what the demo writes into it. */
export interface Kit {
  /** The folder of `src/playground` with the service as it is before the demo. */
  readonly sample: "sample" | "sample-go";
  /** The folder here with the files the demo writes. */
  readonly written: "demo-files" | "demo-files-go";
  readonly files: {
    readonly routes: string;
    readonly http: string;
    readonly handlers: string;
    readonly store: string;
    readonly validation: string;
    readonly basicTest: string;
  };
  readonly brokenHandlers: string;
  /** The file that the tester of each mode writes; no two share one. */
  readonly tests: Readonly<Record<TestMode, { readonly file: string; readonly cases: number }>>;
  /** Existing files worth a look before anything is written. */
  readonly existing: readonly string[];
  readonly testHelper: string;
  readonly build: string;
  readonly test: string;
  testOne(file: string): string;
  /** What the tests' output shows when one fails. */
  readonly red: RegExp;
  /** Edits that make the new handler answer. */
  readonly wiring: readonly Action[];
  /** What is searched for before code is judged safe. */
  readonly suspicious: string;
}

const LIST_ROW = '| `GET /api/assets` | `200` with `{"assets":[...],"total":n}`, oldest first |';
const CREATE_ROWS = [
  "| `POST /api/assets` | `201` with the new asset, from `{kind, identifier, labels?}` as `application/json` |",
  "| | `422` `invalid_asset` with `problems` (one `{field, message}` for each), `409` `duplicate_asset` with the `id` that is there |",
  "| | `400` `malformed_json`, `413` `body_too_large` (above 16 KiB), `415` `unsupported_media_type` |",
].join("\n");

const readme = edit("README.md", LIST_ROW, `${LIST_ROW}\n${CREATE_ROWS}`);

const node: Kit = {
  sample: "sample",
  written: "demo-files",
  files: {
    routes: "src/app.js",
    http: "src/http.js",
    handlers: "src/assets/handlers.js",
    store: "src/assets/store.js",
    validation: "src/assets/validation.js",
    basicTest: "test/create-asset.test.js",
  },
  brokenHandlers: "src/assets/handlers.broken.js",
  tests: {
    unit: { file: "test/unit/validation.test.js", cases: 38 },
    integration: { file: "test/integration/create-asset.test.js", cases: 9 },
    acceptance: { file: "test/acceptance/asset-journey.test.js", cases: 3 },
  },
  existing: ["src/app.js", "src/http.js", "src/assets/handlers.js", "src/assets/store.js"],
  testHelper: "testing/running-app.js",
  build: "node scripts/check-syntax.js src scripts test testing",
  test: "node --test",
  testOne: (file) => `node --test ${file}`,
  red: /^(ℹ|#) fail [1-9]/m,
  wiring: [
    edit("src/app.js", "import { listAssets }", "import { createAsset, listAssets }"),
    edit(
      "src/app.js",
      '"/api/assets": { GET: listAssets },',
      '"/api/assets": { GET: listAssets, POST: createAsset },',
    ),
    readme,
  ],
  suspicious: "eval|Function\\(|child_process|__proto__",
};

const LIST_ROUTE = '\tmux.HandleFunc("GET /api/assets", listAssets(store))\n';
const CREATE_ROUTE = '\tmux.HandleFunc("POST /api/assets", createAsset(store))\n';

const go: Kit = {
  sample: "sample-go",
  written: "demo-files-go",
  files: {
    routes: "internal/api/api.go",
    http: "internal/api/answers.go",
    handlers: "internal/api/create.go",
    store: "internal/assets/store.go",
    validation: "internal/assets/validation.go",
    basicTest: "internal/api/create_test.go",
  },
  brokenHandlers: "internal/api/create.broken.go",
  tests: {
    unit: { file: "internal/assets/validation_test.go", cases: 27 },
    integration: { file: "internal/api/integration_test.go", cases: 10 },
    acceptance: { file: "acceptance/journey_test.go", cases: 3 },
  },
  existing: [
    "internal/api/api.go",
    "internal/api/answers.go",
    "internal/assets/asset.go",
    "internal/assets/store.go",
  ],
  testHelper: "internal/api/api_test.go",
  build: "go build ./... && go vet ./...",
  test: "go test ./...",
  testOne: (file) => `go test ./${file.slice(0, file.lastIndexOf("/"))}`,
  red: /^(--- )?FAIL/m,
  wiring: [edit("internal/api/api.go", LIST_ROUTE, LIST_ROUTE + CREATE_ROUTE), readme],
  suspicious: "unsafe|os/exec|reflect|html/template",
};

/** The kit for the language of the sample. */
export function kitFor(language: "node" | "go"): Kit {
  return language === "go" ? go : node;
}

/** A file that the demo writes, by its path in the service. */
export function writtenFile(kit: Kit, path: string): string {
  return readFileSync(new URL(`${kit.written}/${path}`, import.meta.url), "utf8");
}
