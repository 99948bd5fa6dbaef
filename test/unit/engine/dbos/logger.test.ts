import { beforeEach, expect, test } from "vitest";
import { dbosLogger } from "../../../../src/engine/dbos/logger.ts";

let lines: { level: string; message: string; fields: object }[];
let now: number;

beforeEach(() => {
  lines = [];
  now = 0;
});

function logger() {
  function line(level: string) {
    return (fields: object, message: string) => {
      lines.push({ level, message, fields });
    };
  }
  return dbosLogger({ info: line("info"), warn: line("warn"), error: line("error") }, () => now);
}

test("F31: repeats one kind of message at most every ten seconds and says how often it came", () => {
  const log = logger();
  for (let n = 0; n < 500; n += 1) {
    log.warn(`Connection lost, retrying in ${n} ms`);
    now += 10;
  }
  expect(lines).toHaveLength(1);
  now += 10_000;
  log.warn("Connection lost, retrying in 7 ms");
  expect(lines[1]).toEqual({
    level: "warn",
    message: "Connection lost, retrying in 7 ms",
    fields: { engine: "dbos", repeated: 499 },
  });
  log.warn("Something else");
  expect(lines).toHaveLength(3);
});

test("keeps the stack of an error and does not alarm anybody about a cancelled workflow", () => {
  const log = logger();
  log.error("the step failed", { stack: "Error: the step failed\n at x" });
  log.warn("Workflow a was cancelled during execution. Waiting for the recorded outcome");
  log.debug("noise");
  expect(lines.map(({ level }) => level)).toEqual(["error", "info"]);
  expect(lines[0]?.fields).toMatchObject({ stack: "Error: the step failed\n at x" });
});
