import {
  bash,
  role,
  type Script,
  script,
  submit,
  together,
  write,
} from "../../src/playground/scripted-model/script.ts";

/** Repositories of other shapes than the sample, with a task and a script for each. */
export interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly task: string;
  readonly script: Script;
}

interface Task {
  readonly id: string;
  readonly specialist: string;
  readonly mode: string;
  readonly files?: readonly string[];
}

function planOf(phases: Readonly<Record<string, readonly Task[]>>): Record<string, unknown> {
  const names = ["architecture", "implementation", "testing", "quality"];
  return {
    summary: "Do what was asked, with tests.",
    concerns: ["implementation", "testing"],
    requirements: [{ id: "R1", text: "It works and is tested." }],
    phases: names.map((phase) => {
      const tasks = (phases[phase] ?? []).map((task) => ({
        title: `Work on ${task.id}`,
        objective: "Do it.",
        expected_output: "It is done.",
        requirements: phase === "quality" ? [] : ["R1"],
        ...task,
      }));
      return tasks.length > 0 ? { phase, tasks } : { phase, skip_reason: "Nothing to decide." };
    }),
  };
}

const REVIEW = submit({
  status: "complete",
  summary: "Small and right.",
  spec: { verdict: "compliant", missing: [], extra: [], deviations: [] },
  quality: { verdict: "approved", issues: [] },
});

function wrote(...files: string[]) {
  return submit({ status: "complete", summary: "Written.", files_modified: files, notes: [] });
}

function tested(mode: string, file: string) {
  return submit({
    status: "complete",
    summary: "Guarded.",
    test_mode: mode,
    test_files: [file],
    test_count: 1,
    covers: ["R1"],
  });
}

function nodeTest(imports: string, name: string, assertion: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
${imports}

test("${name}", () => {
  ${assertion}
});
`;
}

const MONEY_TEST = nodeTest(
  'import { discounted } from "../index.js";',
  "a discount is taken off",
  "assert.equal(discounted(200, 25), 150);",
);
const ORDERS_TEST = nodeTest(
  'import { total } from "../index.js";',
  "a total is discounted",
  "assert.equal(total([{ price: 100 }, { price: 100 }], 10), 180);",
);

/** Two Node modules, one of which uses the other; the repository names the commands of each. */
export const MONOREPO: Shape = {
  files: {
    ".github/orchestrator.yml": `version: 1
name: Shop
modules:
  - { path: libs/money, purpose: arithmetic of prices }
  - { path: services/orders, purpose: totals of orders }
commands:
  build:
    - { run: node --check index.js, cwd: libs/money }
    - { run: node --check index.js, cwd: services/orders }
  test:
    - { run: node --test, cwd: libs/money }
    - { run: node --test, cwd: services/orders }
`,
    "package.json": '{ "name": "shop", "private": true, "type": "module" }\n',
    "libs/money/package.json": '{ "name": "money", "type": "module" }\n',
    "libs/money/index.js":
      "export function sum(prices) {\n  return prices.reduce((a, b) => a + b, 0);\n}\n",
    "libs/money/test/sum.test.js": nodeTest(
      'import { sum } from "../index.js";',
      "prices are added",
      "assert.equal(sum([1, 2]), 3);",
    ),
    "services/orders/package.json": '{ "name": "orders", "type": "module" }\n',
    "services/orders/index.js": `import { sum } from "../../libs/money/index.js";

export function total(items) {
  return sum(items.map(({ price }) => price));
}
`,
    "services/orders/test/total.test.js": nodeTest(
      'import { total } from "../index.js";',
      "items are added",
      "assert.equal(total([{ price: 4 }, { price: 5 }]), 9);",
    ),
  },
  task: "Implement a discount in libs/money, use it in services/orders, and write unit and integration tests",
  script: script(
    role("backend-orchestrator", [
      submit(
        planOf({
          implementation: [
            {
              id: "discount",
              specialist: "backend-developer",
              mode: "implementation",
              files: ["libs/money/index.js", "services/orders/index.js"],
            },
          ],
          testing: [
            {
              id: "money-tests",
              specialist: "backend-tester",
              mode: "unit",
              files: ["libs/money/test/discounted.test.js"],
            },
            {
              id: "orders-tests",
              specialist: "backend-tester",
              mode: "integration",
              files: ["services/orders/test/discount.test.js"],
            },
          ],
          quality: [{ id: "review", specialist: "backend-lead", mode: "review" }],
        }),
      ),
    ]),
    role("backend-developer", [
      together(
        bash(
          "printf '\\nexport function discounted(amount, percent) {\\n  return (amount * (100 - percent)) / 100;\\n}\\n' >> libs/money/index.js",
        ),
        write(
          "services/orders/index.js",
          `import { discounted, sum } from "../../libs/money/index.js";

export function total(items, percent = 0) {
  return discounted(sum(items.map(({ price }) => price)), percent);
}
`,
        ),
      ),
      wrote("libs/money/index.js", "services/orders/index.js"),
    ]),
    role(
      "backend-tester",
      [
        write("libs/money/test/discounted.test.js", MONEY_TEST),
        tested("unit", "libs/money/test/discounted.test.js"),
      ],
      { mode: "unit" },
    ),
    role(
      "backend-tester",
      [
        write("services/orders/test/discount.test.js", ORDERS_TEST),
        tested("integration", "services/orders/test/discount.test.js"),
      ],
      { mode: "integration" },
    ),
    role("backend-lead", [REVIEW]),
  ),
};

const WRAP = "github.com/mitchellh/go-wordwrap v1.0.1";

const GO_LABEL_TEST = `package labels

import "testing"

func TestLongLabelsAreWrapped(t *testing.T) {
	if got := Wrapped("one two", 4); got != "one\\ntwo" {
		t.Fatalf("got %q", got)
	}
}
`;

/**
 * A Go module that needs another one, which the toolchain fetches from wherever this machine's is configured to, for
 * the agent and for the verification.
 */
export const GO_MODULE: Shape = {
  files: {
    "go.mod": `module example.test/labels\n\ngo 1.21\n\nrequire ${WRAP}\n`,
    "go.sum": `${WRAP} h1:TLuKupo69TCn6TQSyGxwI1EblZZEsQ0vMlAFQflz0v0=
${WRAP}/go.mod h1:R62XHJLzvMFRBbcrT7m7WgmE1eOyTSsCt+hzestvNj0=
`,
    "labels.go": `// Package labels prepares labels for printing.
package labels

import "github.com/mitchellh/go-wordwrap"

// Wrapped breaks a label into lines.
func Wrapped(label string, width uint) string {
	return wordwrap.WrapString(label, width)
}
`,
    "labels_test.go": GO_LABEL_TEST,
  },
  task: "Implement Short(label) that keeps the first eight characters, and write unit tests for it",
  script: script(
    role("backend-orchestrator", [
      submit(
        planOf({
          implementation: [
            {
              id: "short",
              specialist: "backend-developer",
              mode: "implementation",
              files: ["short.go"],
            },
          ],
          testing: [
            {
              id: "short-tests",
              specialist: "backend-tester",
              mode: "unit",
              files: ["short_test.go"],
            },
          ],
          quality: [{ id: "review", specialist: "backend-lead", mode: "review" }],
        }),
      ),
    ]),
    role("backend-developer", [
      write(
        "short.go",
        `package labels

// Short keeps the first eight characters of a label.
func Short(label string) string {
	if len(label) <= 8 {
		return label
	}
	return label[:8]
}
`,
      ),
      bash("go mod download && go list -m all"),
      ({ results }) => (results.join("\n").includes(WRAP) ? wrote("short.go") : { text: "Lost." }),
    ]),
    role("backend-tester", [
      write(
        "short_test.go",
        `package labels

import "testing"

func TestShort(t *testing.T) {
	if got := Short("0123456789"); got != "01234567" {
		t.Fatalf("got %q", got)
	}
	if got := Short(Wrapped("ab cd", 3)); got != "ab\\ncd" {
		t.Fatalf("got %q", got)
	}
}
`,
      ),
      tested("unit", "short_test.go"),
    ]),
    role("backend-lead", [REVIEW]),
  ),
};
