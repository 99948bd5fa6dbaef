import { expect, test } from "vitest";
import { COMMANDS, helpText, OPTIONS, rowOf } from "../../../../src/domain/command/command.ts";
import { parseCommand } from "../../../../src/domain/command/parse.ts";
import { UserError } from "../../../../src/domain/failure.ts";

function parse(line: string, rest = ""): unknown {
  return parseCommand({ line, rest });
}

function refusal(line: string, rest = ""): string {
  try {
    parse(line, rest);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`${line} was accepted`);
}

const good: readonly [line: string, expected: object][] = [
  ["", { kind: "start", task: "", options: {} }],
  ["fix the login", { kind: "start", task: "fix the login", options: {} }],
  ["plan", { kind: "plan", task: "", options: {} }],
  ["PLAN the split", { kind: "plan", task: "the split", options: {} }],
  ["approve", { kind: "approve" }],
  ["reject too big", { kind: "reject", reason: "too big" }],
  ["status", { kind: "status" }],
  ["answer Q2 b", { kind: "answer", question: 2, text: "b" }],
  ["answer q12: use Postgres", { kind: "answer", question: 12, text: "use Postgres" }],
  ["answer use Postgres", { kind: "answer", text: "use Postgres" }],
  ["pause", { kind: "pause" }],
  ["resume", { kind: "resume" }],
  ["cancel", { kind: "cancel" }],
  ["abort", { kind: "cancel" }],
  ["retry", { kind: "retry" }],
  ["retry Testing", { kind: "retry", phase: "testing" }],
  [
    'skip quality --reason "seen by hand"',
    { kind: "skip", phase: "quality", reason: "seen by hand" },
  ],
  ["skip --reason=flaky testing", { kind: "skip", phase: "testing", reason: "flaky" }],
  [
    "skip testing --reason \u201Cby hand\u201D",
    { kind: "skip", phase: "testing", reason: "by hand" },
  ],
  ["budget $40.50", { kind: "budget", usd: 40.5 }],
  ["help", { kind: "help" }],
  ["-- cancel the old jobs", { kind: "start", task: "cancel the old jobs", options: {} }],
  ["-- --verbose", { kind: "start", task: "--verbose", options: {} }],
  ["add a `--verbose` flag", { kind: "start", task: "add a `--verbose` flag", options: {} }],
  ["add `-- x --y` now", { kind: "start", task: "add `-- x --y` now", options: {} }],
  [
    "map a --> b <!-- x --> and ---",
    { kind: "start", task: "map a --> b <!-- x --> and ---", options: {} },
  ],
  ["parse the config", { kind: "start", task: "parse the config", options: {} }],
  ["improve the tests", { kind: "start", task: "improve the tests", options: {} }],
  ["plans page is slow", { kind: "start", task: "plans page is slow", options: {} }],
  ["about page is broken", { kind: "start", task: "about page is broken", options: {} }],
];

test.each(good)("R1: %j", (line, expected) => {
  expect(parse(line)).toEqual(expected);
});

test("R1: the lines after the command belong to the task, reason or answer", () => {
  expect(parse("fix it", "\nand this\n- too\n")).toEqual({
    kind: "start",
    task: "fix it\nand this\n- too",
    options: {},
  });
  expect(parse("answer Q1", "b")).toEqual({ kind: "answer", question: 1, text: "b" });
  expect(parse("refactor", "the module")).toMatchObject({ task: "refactor\nthe module" });
  expect(parse("cancel", "thanks, wrong issue")).toEqual({ kind: "cancel" });
});

test("R9: options are taken out of the line wherever they stand", () => {
  const line =
    'fix --base develop the --phases=testing,architecture login --plan-only --budget "$20" --model large';
  expect(parse(line)).toEqual({
    kind: "start",
    task: "fix the login",
    options: {
      base: "develop",
      phases: ["architecture", "testing"],
      planOnly: true,
      budgetUsd: 20,
      model: "large",
    },
  });
});

const P09: readonly [line: string, named: RegExp][] = [
  ["x --base=--upload-pack=x", /--base/],
  ["x --base --upload-pack=x", /`--base` needs/],
  ["x --base=-f", /plain branch name/],
  ["x --base ../../x", /plain branch name/],
  ["x --base refs/heads/x", /plain branch name/],
  ["x --base a..b", /plain branch name/],
  ["x --base \u202Emain", /plain branch name/],
  ["x --branch=-f", /`--branch=-f` is not an option/],
  ["x --model=../../x", /`--model` expects/],
  ["x --model a/../b", /`--model` expects/],
  ["x --model", /`--model` needs/],
  ["x --base a --base b", /twice/],
  ["x --phases testing,testing", /twice/],
  ["x --phases coding", /`--phases` knows architecture/],
  ["x --phases=", /needs/],
  ["x --budget lots", /US dollars/],
  ["x --budget 0", /US dollars/],
  ["x --budget -5", /US dollars/],
  ["x --budget 1e9", /US dollars/],
  ["x --plan-only=yes", /takes no value/],
  ["x --verbose", /not an option/],
  ["x --__proto__=y", /not an option/],
  ["x --reason y", /not an option/],
  ["x \u2014base main", /two hyphens/],
];

test.each(P09)("P-09, R9: %j is refused and the valid options are listed", (line, named) => {
  const message = refusal(line);
  expect(message).toMatch(named);
  for (const name of rowOf("start").options) expect(message).toContain(`\`--${name}`);
});

test("R9: all problems come in one message", () => {
  const message = refusal("x --base ../y --budget lots --phases a,b --nope");
  expect(message.match(/^- `--(?!\w+ <|plan-only`:|\w+ ")/gm)).toHaveLength(5);
});

const slips: readonly [line: string, meant: string][] = [
  ["cancle", "cancel"],
  ["statsu", "status"],
  ["aprove", "approve"],
  ["hlep", "help"],
  ["ansewr", "answer"],
  ["retyr testing", "retry"],
  ["buget 20", "budget"],
  ["anwser Q2 a", "answer"],
  ["rejcet it is too big", "reject"],
  ["skpi testing --reason x", "skip"],
];

test.each(slips)("R3: %j is answered with the nearest command and the help", (line, meant) => {
  const message = refusal(line);
  expect(message).toContain(`Did you mean \`/orchestrate ${meant}\`?`);
  expect(message).toContain(helpText());
});

test("R3: a word that is near nothing is answered with the help alone", () => {
  const message = refusal("xyzzy");
  expect(message).toContain("`xyzzy` is not a command.");
  expect(message).not.toContain("Did you mean");
  expect(message).toContain(helpText());
});

test.each([
  "cancel the old jobs",
  "status page is wrong",
  "help me",
  "retry the login",
  "approve it?",
  "resume uploads",
  "budget page",
])("S3: %j is ambiguous, so nothing is done and the way to say it is shown", (line) => {
  expect(refusal(line)).toMatch(/^Nothing was done[\s\S]*goes after `--`\.$/);
});

test.each(["reject", "answer", "answer Q2", "skip", "skip testing", "skip --reason x", "budget"])(
  "R9: %j lacks an argument",
  (line) => {
    expect(refusal(line)).toContain("Nothing was done");
  },
);

test("O-01: what a person wrote is shown as code, cut to a short piece", () => {
  const message = refusal(`x --p@everyone--fixes#1--${"y".repeat(500)}`);
  expect(message).toMatch(/`--p@everyone--fixes#1--y+…`/);
  expect(message.length).toBeLessThan(1_500);
  expect(refusal("x --q`a`").includes("`` --q`a` ``")).toBe(true);
});

test("R4: the help names every command, option and required permission of the table", () => {
  const help = helpText();
  for (const row of COMMANDS) {
    expect(help).toContain(row.help);
    expect(help).toContain(row.example);
    expect(help).toContain(`| ${row.required} |`);
  }
  for (const name of rowOf("start").options) expect(help).toContain(OPTIONS[name].help);
  expect(help).not.toMatch(/^\/orchestrate/m);
});

test("R4: every example of the table is accepted and has its row's kind", () => {
  for (const { kind, example, aliases } of COMMANDS) {
    expect(parse(example.replace(/^\/orchestrate ?/, ""))).toMatchObject({ kind });
    for (const alias of aliases) expect(parse(alias)).toMatchObject({ kind });
  }
});
