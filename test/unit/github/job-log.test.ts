import { expect, test } from "vitest";
import { logTail } from "../../../src/github/job-log.ts";

const AT = "2026-05-06T07:08:09.1234567Z ";

test("T3: a job's log is told up to its last error, without times, colours and hidden characters", () => {
  const log = [
    `\uFEFF${AT}##[group]Run npm test`,
    `${AT}\u001B[31mnot ok 1\u001B[39m - adds\u200B`,
    `${AT}##[error]Process completed with exit code 1.`,
    `${AT}Post job cleanup.`,
    "",
  ].join("\r\n");
  expect(logTail(log)).toBe(
    "##[group]Run npm test\nnot ok 1 - adds\n##[error]Process completed with exit code 1.",
  );
});

test("T3: without an error the end of the log is told; it is never longer than 3,000 characters", () => {
  expect(logTail("one\ntwo\n")).toBe("one\ntwo");
  const told = logTail(`${"𝄞".repeat(9_000)}\nthe end`);
  expect(Array.from(told)).toHaveLength(3_000);
  expect(told).toMatch(/𝄞\nthe end$/u);
});
