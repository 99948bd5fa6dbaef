import fc from "fast-check";
import { expect, test } from "vitest";
import { severalTicks } from "../../src/commands/replies.ts";
import { DispatchId, TaskId } from "../../src/domain/ids.ts";
import type { Plan } from "../../src/domain/plan/plan.ts";
import { foldRun } from "../../src/domain/run/fold.ts";
import type { LedgerFact } from "../../src/domain/run/ledger-event.ts";
import type { RunView } from "../../src/domain/run/run.ts";
import { checkRun } from "../../src/reports/check-run.ts";
import { cell, code, fence, inert } from "../../src/reports/markdown.ts";
import { pullRequestBody, pullRequestTitle } from "../../src/reports/pull-request-body.ts";
import { answeredQuestion, blockedSentence, questionComment } from "../../src/reports/replies.ts";
import * as reviews from "../../src/reports/review-replies.ts";
import { statusComment } from "../../src/reports/status-comment.ts";
import { effectsOf, markupOf } from "../helpers/markdown-effects.ts";
import { evidenceOf, ledgerOf, RUN_STARTED, sha, soundPlan } from "../helpers/run-facts.ts";

/** A whole report takes a while to make and to read. */
const REPORTS = process.env["FULL"] === "1" ? 500 : 25;
const WEB = "https://github.example";
/** Our own issue, pull request and pages. */
const OWN = ["#12", "#14", `${WEB}/acme/assets/`];

/** Pieces that do something on GitHub where nothing guards: S-11, O-01, O-02, O-03, O-04, O-11. */
const ATTACKS = [
  "![x](https://sink.example/?d=1)",
  "![x][y]",
  "[y]: https://sink.example/",
  "[click](https://sink.example)",
  "[click](javascript:alert(1))",
  "[click](data:text/html,x)",
  "<https://sink.example>",
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg onload=alert(1)>",
  "<a href='//sink.example'>",
  "https://sink.example/x",
  "www.sink.example",
  "someone@sink.example",
  "fixes #1",
  "closes other/x#2",
  "resolves GH-3",
  "https://github.com/other/x/issues/4",
  "see 1234567890abcdef1234567890abcdef12345678",
  "see 12abcde",
  "@everyone",
  "@org/team",
  "```\nbroken out\n```",
  "~~~",
  "</details>",
  "</code></summary>",
  "-->",
  "<!-- orchestrate:status:7-12-r1 -->",
  "[^1]",
  "a | b",
  "`",
  "``",
  "\\",
  "&lt;img&gt;&#35;1",
  "\n/orchestrate cancel\n",
  "# heading",
  "- [x] item",
  "\n",
  " ",
  "word",
];

const hostile = fc.array(fc.constantFrom(...ATTACKS), { minLength: 1, maxLength: 6 });
const text = hostile.map((pieces) => pieces.join(" "));
const glued = hostile.map((pieces) => pieces.join(""));
const anyText = fc.oneof(text, glued);

test("S-11, O-01, O-02, O-04: where nothing guards, these pieces take effect", () => {
  const quiet = ATTACKS.filter(
    (piece) => effectsOf(`text ${piece}`, OWN).length + markupOf(piece).length === 0,
  );
  // The others matter only beside these: they end, escape, divide or hide what stands around them.
  expect(ATTACKS.length - quiet.length).toBeGreaterThan(22);
  expect(quiet.join()).not.toMatch(/sink|script|#\d|@|orchestrate/);
});

test("S-11, O-01, O-02, O-04: text of others made inert shows and does nothing, in prose, lists and tables", () => {
  fc.assert(
    fc.property(anyText, (words) => {
      const safe = inert(words);
      const page = `${safe}\n\n- ${safe}\n\n| A | B |\n| --- | --- |\n| ${safe} | ${safe} |\n\n> ${safe}`;
      expect(effectsOf(page, OWN)).toEqual([]);
      expect(markupOf(page)).toEqual([]);
    }),
  );
});

test("O-03: nothing breaks out of a fence, of inline code or of code in a table", () => {
  fc.assert(
    fc.property(anyText, (words) => {
      const table = `| A | B |\n| --- | --- |\n| ${cell(words)} | ${cell(words)} |`;
      const page = `before\n\n${fence(words)}\n\nafter ${code(words)} end\n\n${table}`;
      expect(effectsOf(page, OWN)).toEqual([]);
      expect(markupOf(page)).toEqual([]);
    }),
  );
});

test("S-11, O-02, O-03, O-04: no report lets text of people, models, files or programs take effect", () => {
  const harmless = said(hostileRun("word"), "word");
  fc.assert(
    fc.property(anyText, (words) => {
      const view = hostileRun(words);
      for (const [name, body] of Object.entries(said(view, words))) {
        expect(effectsOf(body, OWN), name).toEqual([]);
        expect(markupOf(body), name).toEqual(markupOf(harmless[name] ?? ""));
      }
    }),
    { numRuns: REPORTS },
  );
});

test("O-02: a pull request's title, which becomes a commit's, closes and mentions nothing", () => {
  fc.assert(
    fc.property(anyText, (words) => {
      const title = pullRequestTitle(hostileRun(words));
      expect(title).not.toMatch(/#\d|\bGH-\d|@\w|\/(?:issues|pull)\/\d/i);
    }),
  );
});

function said(view: RunView, words: string): Record<string, string> {
  const asked = {
    number: 1,
    question: {
      text: words,
      options: [
        { key: "a", label: words, consequence: words },
        { key: "b", label: "B", consequence: words },
      ],
      recommended: "a",
    },
    mayAnswer: "alice",
  };
  const question = questionComment(view.runId, asked);
  const comment = { id: "1", class: "remark" as const, text: words, path: words, line: 3 };
  const body = reviews.contestedReply(words);
  return {
    status: statusComment(view, { webUrl: WEB }),
    check: checkRun(view)?.summary ?? "",
    "pull request": pullRequestBody(view),
    question,
    answered: answeredQuestion(question, { by: words, text: words }),
    blocked: blockedSentence({
      issue: words,
      attempted: [words],
      recommend: words,
      capability: words,
    }),
    answer: reviews.answerReply(words),
    contested: body,
    review: reviews.reviewAnswer([{ comment, body }]),
    ticks: severalTicks(1),
  };
}

/** A run in which everything that others may choose is `words`. */
function hostileRun(words: string): RunView {
  const at = { taskId: TaskId.parse("handler"), phase: "implementation" as const };
  const dispatchId = DispatchId.parse("7-12-r1.handler.1");
  const started = RUN_STARTED.type === "run-started" ? RUN_STARTED : undefined;
  if (!started) throw new Error("No start");
  const facts: LedgerFact[] = [
    { type: "triaged", mode: "orchestrate", concerns: [words], reason: words },
    {
      type: "loaded",
      scope: "run",
      load: {
        name: words,
        kind: "core-skill",
        path: words,
        source: words,
        sha256: "f".repeat(64),
        reason: words,
        mandatory: false,
      },
    },
    { type: "plan-accepted", plan: hostilePlan(words) },
    { type: "claim-dropped", scope: "run", dispatchId, names: [words] },
    {
      type: "dispatch-started",
      dispatchId,
      ...at,
      role: "backend-developer",
      attempt: 1,
      baseSha: sha("0"),
    },
    { type: "task-refused", ...at, problems: [words], next: words },
    {
      type: "finding",
      taskId: at.taskId,
      severity: words,
      file: words,
      line: 3,
      text: words,
      blocking: true,
    },
    { type: "branch-pushed", branch: started.runBranch, sha: sha("a") },
    {
      type: "evidence",
      purpose: words,
      evidence: evidenceOf({
        command: words,
        cwd: words,
        exitCode: 1,
        outputTail: words,
        services: [
          { name: "store", readyMs: 3, exitCode: 1, logDigest: "e".repeat(64), logTail: words },
        ],
      }),
    },
    { type: "scope-flagged", taskId: at.taskId, files: [words], rejected: false },
    { type: "scope-approved", taskId: at.taskId, files: [words], by: words },
    { type: "set-aside", taskId: at.taskId, dispatchId, files: [words], patch: words },
    { type: "worth-a-look", sha: sha("a"), files: [words] },
    { type: "counted", requirement: "R1", unit: "endpoint", wanted: 3, found: [words] },
    {
      type: "tests-compared",
      sha: sha("a"),
      before: null,
      after: null,
      added: [],
      changed: [],
      deleted: [words],
    },
    { type: "note", text: words },
    { type: "pull-request-opened", number: 14, url: `${WEB}/acme/assets/pull/14`, draft: true },
    { type: "blocked", issue: words, attempted: [words], recommend: words, capability: words },
  ];
  const mine = { ...started, issueTitle: words, task: words, requestedBy: words };
  return foldRun(
    ledgerOf(...facts).map((event) => (event.seq === 1 ? { ...event, fact: mine } : event)),
  );
}

function hostilePlan(words: string): Plan {
  const plan = soundPlan();
  return {
    ...plan,
    summary: words,
    requirements: [{ id: "R1", text: words, count: { n: 3, unit: "endpoint" } }],
    phases: plan.phases.map((phase) => ({
      ...phase,
      ...(phase.skip_reason ? { skip_reason: words } : {}),
      tasks: phase.tasks.map((task) => ({ ...task, title: words, files: [words] })),
    })),
  };
}
