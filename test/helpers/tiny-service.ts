import {
  type Action,
  role,
  type Script,
  type Step,
  script,
  submit,
  write,
} from "../../src/playground/scripted-model/script.ts";

/** The smallest repository with a test: a whole run on it takes seconds. */
export const TINY_FILES = {
  "README.md": "# Arithmetic\n",
  "package.json": '{ "name": "tiny", "private": true, "type": "module" }\n',
  ".github/orchestrator.yml": "version: 1\ncommands:\n  test: node --test\n",
  "src/sum.js": "export function sum(a, b) {\n  return a + b;\n}\n",
  "test/sum.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { sum } from "../src/sum.js";

test("sum adds", () => {
  assert.equal(sum(2, 3), 5);
});
`,
} as const;

/** What a person asks for on the tiny repository: code and tests, so that it is orchestrated. */
export const TINY_COMMAND = "/orchestrate Implement product(a, b) and write unit tests for it";

export const GOOD_PRODUCT = "export function product(a, b) {\n  return a * b;\n}\n";
export const BROKEN_PRODUCT = "export function product(a, b) {\n  return a ** b;\n}\n";

const PRODUCT_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { product } from "../src/product.js";

test("product multiplies", () => {
  assert.equal(product(4, 3), 12);
});
`;

/** One developer, one tester, one review. */
export const TINY_PLAN = {
  summary: "Add product beside sum, with unit tests.",
  concerns: ["implementation", "testing"],
  requirements: [{ id: "R1", text: "product(a, b) multiplies." }],
  phases: [
    { phase: "architecture", skip_reason: "One function needs no design.", tasks: [] },
    {
      phase: "implementation",
      tasks: [
        {
          id: "build-product",
          title: "Write product",
          specialist: "backend-developer",
          mode: "implementation",
          objective: "Write src/product.js.",
          inputs: [],
          files: ["src/product.js"],
          expected_output: "One function in one file.",
          depends_on: [],
          requirements: ["R1"],
        },
      ],
    },
    {
      phase: "testing",
      tasks: [
        {
          id: "unit-tests",
          title: "Guard product",
          specialist: "backend-tester",
          mode: "unit",
          objective: "Write test/product.test.js.",
          inputs: [],
          files: ["test/product.test.js"],
          expected_output: "One passing test.",
          depends_on: ["build-product"],
        },
      ],
    },
    {
      phase: "quality",
      tasks: [
        {
          id: "review",
          title: "Review product",
          specialist: "backend-lead",
          mode: "review",
          objective: "Judge the change.",
          inputs: [],
          files: [],
          expected_output: "Two verdicts.",
          depends_on: [],
        },
      ],
    },
  ],
} as const;

export interface TinyParts {
  readonly plan?: readonly Step[];
  readonly develop?: readonly Step[];
  /** What a developer does who is to mend what was found. */
  readonly fix?: readonly Step[];
  readonly test?: readonly Step[];
  readonly review?: readonly Step[];
  /** What the lead says about people's reviews. */
  readonly feedback?: readonly Step[];
}

/** A script in which everybody does their job; tests replace single roles' steps. */
export function tinyScript(parts: TinyParts = {}): Script {
  return script(
    role("backend-orchestrator", parts.plan ?? [submit(TINY_PLAN)]),
    role("backend-developer", parts.fix ?? developing(), { task: /^fix-/ }),
    role("backend-developer", parts.develop ?? developing()),
    role("backend-tester", parts.test ?? [write("test/product.test.js", PRODUCT_TEST), tested()]),
    role("backend-lead", parts.feedback ?? [], { task: /^feedback-/ }),
    role("backend-lead", parts.review ?? [approved()]),
  );
}

/** A developer that writes this text as src/product.js. */
export function developing(text: string = GOOD_PRODUCT): Step[] {
  return [write("src/product.js", text), developed()];
}

export function developed(summary = "product multiplies."): Action {
  return submit({
    status: "complete",
    summary,
    files_modified: ["src/product.js"],
    notes: [],
  });
}

function tested(): Action {
  return submit({
    status: "complete",
    summary: "product is guarded.",
    test_mode: "unit",
    test_files: ["test/product.test.js"],
    test_count: 1,
    covers: ["R1"],
  });
}

/** A reviewer that lets the change pass, with these remarks. */
export function approved(issues: readonly object[] = []): Action {
  return submit({
    status: "complete",
    summary: "Small and right.",
    spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
    quality: { verdict: "approved", issues: [...issues] },
  });
}
