import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import {
  describeConfigProblems,
  parseRepoConfig,
} from "../../../../src/agents/definitions/repo-config-file.ts";
import { commandsFromConfig, repoConfigJsonSchema } from "../../../../src/domain/repo-config.ts";

const ROOT = new URL("../../../../", import.meta.url);

function example(name: string): string {
  return readFileSync(new URL(`docs/examples/orchestrator.${name}.yml`, ROOT), "utf8");
}

function problems(text: string): string {
  const parsed = parseRepoConfig(text);
  return parsed.ok ? "" : describeConfigProblems(parsed.problems);
}

test("every problem is named at once, each with its line and place", () => {
  const text = `version: 2
module: []
modules:
  - path: /absolute
    purpose: x
  - path: "a/../../b"
commands:
  build: 5
  test:
    - run: go test ./...
      cwdd: x
specialists:
  nobody:
    model: opus
services:
  - name: Bad Name
    command: "true"
concurrency: 99
`;
  expect(problems(text).split("\n")).toEqual([
    "- line 1, `version`: Invalid input: expected 1",
    "- line 2, `module`: there is no setting module; did you mean modules?",
    "- line 4, `modules.0.path`: expected a path inside the repository, without a leading / and without ..",
    "- line 6, `modules.1.path`: expected a path inside the repository, without a leading / and without ..",
    "- line 6, `modules.1.purpose`: is missing; expected string",
    "- line 8, `commands.build`: expected a command, or a map with run, or a list of those",
    "- line 11, `commands.test.0.cwdd`: there is no setting cwdd",
    "- line 13, `specialists.nobody`: there is no setting nobody",
    "- line 16, `services.0.name`: expected lower-case words joined by hyphens",
    "- line 16, `services.0.ready`: is missing; expected string",
    "- line 18, `concurrency`: Too big: expected number to be <=16",
  ]);
});

test("text that is no YAML, no map, too long or a bomb is refused with a reason", () => {
  expect(problems("version: [1")).toMatch(/^- line 1, Flow sequence/);
  expect(problems("version: 1\nversion: 1")).toMatch(/line 2, Map keys must be unique/);
  expect(problems("- a\n- b")).toMatch(/expected object/);
  expect(problems("")).toMatch(/`version`: /);
  expect(problems(`version: 1 # ${"x".repeat(70_000)}`)).toMatch(/65536 are allowed/);
  const bomb = Array.from({ length: 9 }, (_, i) =>
    i === 0 ? "a0: &a0 [x, x]" : `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]`,
  );
  expect(problems(bomb.join("\n"))).toMatch(/alias/i);
  expect(problems("version: !!js/function 'x'")).toMatch(/tag/i);
});

test("the examples are valid, by the code and by the published schema", () => {
  const published = JSON.parse(
    readFileSync(new URL("docs/schemas/orchestrator-config.schema.json", ROOT), "utf8"),
  ) as object;
  expect(published).toEqual(JSON.parse(JSON.stringify(repoConfigJsonSchema())));
  const isValid = new Ajv2020({ strict: false }).compile(published);
  for (const name of ["chariot", "full"]) {
    expect(problems(example(name))).toBe("");
    expect(isValid(parse(example(name)))).toBe(true);
  }
  expect(isValid({ version: 1, modle: [] })).toBe(false);
});

test("commands come in the order setup, build, lint, test, with folder and time limit", () => {
  const parsed = parseRepoConfig(example("full"));
  if (!parsed.ok) throw new Error("the example is broken");
  expect(commandsFromConfig(parsed.config, "base-config")).toEqual([
    {
      kind: "setup",
      command: "npm ci --ignore-scripts",
      cwd: "services/courier",
      source: "base-config",
      timeoutMs: 600_000,
    },
    {
      kind: "build",
      command: "go build ./services/orders/...",
      cwd: ".",
      source: "base-config",
      timeoutMs: 600_000,
    },
    {
      kind: "build",
      command: "npm run build",
      cwd: "services/courier",
      source: "base-config",
      timeoutMs: 600_000,
    },
    {
      kind: "lint",
      command: "go vet ./services/orders/...",
      cwd: ".",
      source: "base-config",
      timeoutMs: 600_000,
    },
    {
      kind: "test",
      command: "go test -race ./services/orders/...",
      cwd: ".",
      source: "base-config",
      timeoutMs: 1_200_000,
    },
    {
      kind: "test",
      command: "npm test",
      cwd: "services/courier",
      source: "base-config",
      timeoutMs: 600_000,
    },
  ]);
  expect(commandsFromConfig({ ...parsed.config, commands: {} })).toEqual([]);
});
