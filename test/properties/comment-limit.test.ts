import fc from "fast-check";
import { expect, test } from "vitest";
import { TaskId } from "../../src/domain/ids.ts";
import type { LedgerFact } from "../../src/domain/run/ledger-event.ts";
import { StatusReport } from "../../src/domain/status-schema.ts";
import { checkRun } from "../../src/reports/check-run.ts";
import { BODY_LIMIT, codePoints, fit } from "../../src/reports/markdown.ts";
import { stateSentence } from "../../src/reports/state.ts";
import { statusComment } from "../../src/reports/status-comment.ts";
import { statusReply } from "../../src/reports/status-reply.ts";
import { evidenceOf, sha, soundPlan, viewOf } from "../helpers/run-facts.ts";

const RUNS = process.env["FULL"] ? 300 : 25;
const CONTEXT = { webUrl: "https://github.com" };
const FACTS: Readonly<Record<string, (n: number, text: string) => LedgerFact>> = {
  error: (n, text) => ({
    type: "task-refused",
    taskId: TaskId.parse("handler"),
    phase: "implementation",
    problems: [`${n} ${text}`],
    next: "again",
  }),
  note: (n, text) => ({ type: "note", text: `${n} ${text}` }),
  finding: (n, text) => ({
    type: "finding",
    taskId: TaskId.parse("review"),
    severity: "minor",
    file: `src/${n}.js`,
    line: n,
    text,
    blocking: false,
  }),
  evidence: (n, text) => ({
    type: "evidence",
    purpose: "x",
    evidence: evidenceOf({
      command: `npm test ${n}`,
      exitCode: 1,
      sha: sha("0"),
      outputTail: text.repeat(3),
    }),
  }),
  load: (n, text) => ({
    type: "loaded",
    scope: "run",
    load: {
      name: `skill-${n}`,
      kind: n % 2 === 0 ? "core-skill" : "library-skill",
      path: `skills/${n}/${"x".repeat(80)}/SKILL.md`,
      source: "package",
      sha256: "a".repeat(64),
      reason: text.slice(0, 100),
      mandatory: false,
    },
  }),
  steered: (n, text) => ({ type: "steered", by: "bob", text, id: String(n) }),
};

const ENDS: readonly (LedgerFact | undefined)[] = [
  undefined,
  { type: "run-failed", reason: "x".repeat(5_000) },
  {
    type: "blocked",
    issue: "x".repeat(9_000),
    attempted: ["y".repeat(9_000)],
    recommend: "user",
    capability: "z",
  },
];

test("U2: whatever a run has gone through, its comment fits GitHub's limit, least important first, and keeps what matters", () => {
  const kind = fc.constantFrom(...Object.keys(FACTS));
  const many = fc.array(
    fc.tuple(kind, fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 2_000 })),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(many, fc.nat(ENDS.length - 1), (lots, at) => {
      const end = ENDS[at];
      const facts = lots.flatMap(([name, times, length]) =>
        Array.from({ length: times }, (_, n) => FACTS[name]?.(n + 1, "é|`@x ".repeat(length / 6))),
      );
      const opened: LedgerFact = {
        type: "pull-request-opened",
        number: 14,
        url: "http://127.0.0.1/p",
        draft: true,
      };
      const planned: LedgerFact = { type: "plan-accepted", plan: soundPlan() };
      const view = viewOf(
        planned,
        opened,
        ...facts.filter((fact) => fact !== undefined),
        ...(end ? [end] : []),
      );
      const body = statusComment(view, CONTEXT);
      expect(codePoints(body)).toBeLessThanOrEqual(BODY_LIMIT);
      expect(body).toContain(`### ${stateSentence(view)}`);
      expect(body).toContain("**Requested by:** alice");
      const json = /`{3,}json\n([\s\S]*?)\n`{3,}/.exec(body)?.[1];
      expect(StatusReport.safeParse(JSON.parse(json ?? "{}")).success).toBe(true);
      expect(codePoints(statusReply(view, CONTEXT))).toBeLessThanOrEqual(BODY_LIMIT);
      expect(codePoints(checkRun(view)?.summary ?? "")).toBeLessThanOrEqual(65_535);
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
  );
});

test("U2: what is left out goes in the order of its importance, and is named", () => {
  const section = fc.record({
    importance: fc.integer({ min: 1, max: 9 }),
    length: fc.integer({ min: 1, max: 30_000 }),
  });
  fc.assert(
    fc.property(fc.array(section, { maxLength: 8 }), (made) => {
      const sections = made.map(({ importance, length }, index) => ({
        name: `part ${index}.`,
        importance,
        text: `<${index}>${"x".repeat(length)}`,
      }));
      const body = fit([{ text: "the head", importance: 0 }, ...sections]);
      expect(codePoints(body)).toBeLessThanOrEqual(BODY_LIMIT);
      expect(body.startsWith("the head")).toBe(true);
      const kept = sections.filter(({ text }) => body.includes(text));
      const gone = sections.filter((one) => !kept.includes(one));
      for (const { name } of gone) expect(body).toContain(name);
      const least = Math.max(0, ...kept.map(({ importance }) => importance));
      const most = Math.min(9, ...gone.map(({ importance }) => importance));
      if (gone.length > 0) expect(least).toBeLessThanOrEqual(most);
    }),
  );
});
