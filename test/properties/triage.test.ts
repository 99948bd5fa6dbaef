import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Concern, TriageMode } from "../../src/domain/triage/mode.ts";
import { triage } from "../../src/domain/triage/triage.ts";

const WORDS = fc.constantFrom(
  "implement",
  "tests",
  "and",
  "with",
  "for",
  "the button",
  "POST /api/x",
  "no tests needed",
  "design",
  "review",
  "auth",
  ",",
  ".",
  "\n- [ ] ",
  "\n## Tests\n",
  "```",
  "`",
  "<!--",
  '"',
  "a/b/c.go",
);
const TEXT = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.array(WORDS, { maxLength: 60 }).map((all) => all.join(" ")),
);
const REQUEST = fc.record({
  title: TEXT,
  body: TEXT,
  labels: fc.array(fc.string({ maxLength: 20 }), { maxLength: 4 }),
  command: TEXT,
});

describe("triage on any text", () => {
  test("A9: it always decides, the same every time, with a reason and at least one concern", () => {
    fc.assert(
      fc.property(REQUEST, (request) => {
        const got = triage(request);
        expect(TriageMode.options).toContain(got.mode);
        expect(got.concerns.length).toBeGreaterThan(0);
        expect(got.concerns.every((one) => one.words.length > 0)).toBe(true);
        expect(got.concerns.map((one) => Concern.options.indexOf(one.concern))).toEqual(
          got.concerns.map((one) => Concern.options.indexOf(one.concern)).toSorted((a, b) => a - b),
        );
        expect(got.reason).not.toBe("");
        expect(triage(request)).toEqual(got);
      }),
    );
  });

  test("A7: a single specialist is named exactly when nothing is coordinated or handed over", () => {
    fc.assert(
      fc.property(REQUEST, (request) => {
        const got = triage(request);
        const single = ["delegate", "architecture-only", "testing-only"].includes(got.mode);
        expect(got.delegates.length > 0).toBe(single);
        expect(got.phases.length === 0).toBe(got.mode === "frontend-hand-off");
      }),
    );
  });

  test("a hostile issue of 64 KiB is decided in linear time", () => {
    const hostile = [
      "a".repeat(65_536),
      "a/".repeat(32_768),
      "no ".repeat(21_000),
      "# ".repeat(32_000),
      "<!--".repeat(16_000),
      "`".repeat(65_536),
      "keep the ".repeat(7_000),
      "check it ".repeat(7_000),
      "must be ".repeat(8_000),
      `${" ".repeat(60_000)}x`,
      '"'.repeat(65_000),
      "[".repeat(65_000),
      "**".repeat(32_000),
      "test ".repeat(13_000),
    ];
    for (const body of hostile) {
      const started = performance.now();
      triage({ title: body, body, labels: [], command: body });
      expect(performance.now() - started, body.slice(0, 12)).toBeLessThan(3_000);
    }
  });
});
