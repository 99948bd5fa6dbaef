/** A repository so small that its own tests take no time worth speaking of, and a model that works on it by the clock. */
import {
  type Action,
  after,
  read,
  role,
  type Script,
  type Step,
  script,
  submit,
  write,
} from "../src/playground/scripted-model/script.ts";

export const SMALL_SERVICE: Readonly<Record<string, string>> = {
  "README.md": "# Numbers\n\nAdds numbers.\n",
  "package.json": `${JSON.stringify({ name: "numbers", version: "1.0.0", type: "module" })}\n`,
  "src/sum.js": "export function sum(a, b) {\n  return a + b;\n}\n",
  "test/sum.test.js": testFile("sum", "sum(2, 3), 5"),
};

export const SMALL_REQUEST = {
  title: "Multiply numbers as well",
  body: (testers: number): string =>
    `The service adds numbers and cannot multiply them yet.\n\n- [ ] \`product(a, b)\` gives the product of two numbers\n\nThe function is to be tested by ${testers} testers.\n`,
  task: "Implement product(a, b) in src/product.js with tests, and have it reviewed",
} as const;

/** Every agent answers `turns` times, each time after `turnMs` milliseconds. */
export interface Pace {
  readonly turns: number;
  readonly turnMs: number;
}

/** The model of the small service: whoever works takes exactly the pace's time, whatever they do. */
export function smallScript(pace: Pace): Script {
  return script(
    role("backend-orchestrator", paced(pace, [({ prompt }) => submit(planFor(testersIn(prompt)))])),
    role("backend-developer", paced(pace, developing)),
    role("backend-tester", paced(pace, testing)),
    role("backend-lead", paced(pace, [submit(REVIEWED)])),
    role("backend-security-reviewer", paced(pace, [submit(SECURE)])),
  );
}

/** Reads until the last turns come, then does the work. */
function paced({ turns, turnMs }: Pace, work: readonly Step[]): Step[] {
  const reading = Array.from({ length: turns - work.length }, () => read("src/sum.js"));
  return [...reading, ...work].map(
    (step) => (turn) => after(turnMs, typeof step === "function" ? step(turn) : step),
  );
}

function testersIn(prompt: string): number {
  return Number(/tested by (\d+) testers/.exec(prompt)?.[1] ?? "1");
}

const developing: readonly Step[] = [
  write("src/product.js", "export function product(a, b) {\n  return a * b;\n}\n"),
  write("test/product.test.js", testFile("product", "product(2, 3), 6")),
  submit({
    status: "complete",
    summary: "product(a, b) multiplies two numbers.",
    files_modified: ["src/product.js", "test/product.test.js"],
    notes: [],
  }),
];

const testing: readonly Step[] = [
  ({ task }) => {
    const n = numberOf(task);
    return write(fileOf(n), testFile("product", `product(${n}, 7), ${n * 7}`));
  },
  ({ task }): Action =>
    submit({
      status: "complete",
      summary: "One more case of product(a, b) is guarded.",
      test_mode: "unit",
      test_files: [fileOf(numberOf(task))],
      test_count: 1,
      covers: ["R1"],
    }),
];

function numberOf(task: string | undefined): number {
  return Number(/\d+$/.exec(task ?? "")?.[0] ?? "1");
}

function fileOf(n: number): string {
  return `test/product-${n}.test.js`;
}

function testFile(name: string, equal: string): string {
  return `import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { ${name} } from "../src/${name}.js";\n\ntest("${name}: ${equal}", () => assert.equal(${equal}));\n`;
}

const REVIEWED = {
  status: "complete",
  summary: "The function does what R1 asks, and is tested.",
  spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
  quality: { verdict: "approved", issues: [] },
};

const SECURE = {
  status: "complete",
  summary: "Nothing from outside reaches the function.",
  verdict: "approved",
  files_reviewed: ["src/product.js"],
  findings: [],
};

/** A sound plan with so many testers side by side. */
export function planFor(testers: number): Readonly<Record<string, unknown>> {
  const cases = Array.from({ length: testers }, (_, n) => testTask(n + 1));
  return {
    summary: "Add product(a, b) to the numbers service, with tests and a review.",
    concerns: ["implementation", "testing", "review"],
    requirements: [{ id: "R1", text: "product(a, b) gives the product of two numbers." }],
    phases: [
      { phase: "architecture", skip_reason: "One pure function beside another.", tasks: [] },
      { phase: "implementation", tasks: [BUILD] },
      { phase: "testing", tasks: cases },
      { phase: "quality", tasks: [REVIEW] },
    ],
  };
}

const BUILD = {
  id: "build-product",
  title: "Implement product(a, b)",
  specialist: "backend-developer",
  mode: "implementation",
  objective: "Write src/product.js with product(a, b), and a basic test of it.",
  inputs: ["src/sum.js as the pattern"],
  files: ["src/product.js", "test/product.test.js"],
  expected_output: "`node --test` passes with 2 tests.",
  depends_on: [],
  requirements: ["R1"],
};

function testTask(n: number): Readonly<Record<string, unknown>> {
  return {
    id: `case-${n}`,
    title: `Test product(a, b) with ${n}`,
    specialist: "backend-tester",
    mode: "unit",
    objective: `Guard product(a, b) for ${n} times 7 in ${fileOf(n)}.`,
    inputs: ["src/product.js"],
    files: [fileOf(n)],
    expected_output: "`node --test` passes with 1 test more.",
    depends_on: [],
    requirements: ["R1"],
  };
}

const REVIEW = {
  id: "review-product",
  title: "Review product(a, b)",
  specialist: "backend-lead",
  mode: "review",
  objective: "Judge the change against R1, then its quality.",
  inputs: ["the diff against the base commit"],
  files: [],
  expected_output: "Two verdicts, with file and line for every finding.",
  depends_on: [],
};
