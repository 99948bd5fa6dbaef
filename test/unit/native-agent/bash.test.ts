import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../../../src/native-agent/tools/bash.ts";
import { CappedOutput, firstLines } from "../../../src/native-agent/tools/truncate.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "bash-"));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

/** True while the process runs; one that only waits to be collected by its parent is dead. */
/** A killed process is gone only once the kernel has got round to it. */
async function isAlive(pid: number): Promise<boolean> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    if (stat === "" || /\) [ZX] /.test(stat)) return false;
    if (performance.now() > deadline) return true;
    await setImmediate();
  }
}

test("a command runs in the directory; output and exit code come back", async () => {
  const result = await runCommand("pwd; echo wrong >&2; exit 3", { cwd, timeoutMs: 5_000 });
  expect(result).toEqual({ exitCode: 3, timedOut: false, output: `${cwd}\nwrong\n` });
});

test("X-09: output of any size is cut in the middle, memory stays flat", async () => {
  const before = process.memoryUsage().rss;
  const command = "echo first; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo last";
  const { output } = await runCommand(command, { cwd, timeoutMs: 60_000 });
  expect(output.length).toBeLessThan(31_000);
  expect(output).toMatch(/^first\nx+/);
  expect(output).toMatch(/\[\.\.\. \d{9} characters left out \.\.\.\]/);
  expect(output).toMatch(/x\nlast\n$/);
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
});

test("a command that takes too long is killed with its children", async () => {
  const command = "trap '' TERM; sleep 60 & echo $!; wait";
  const result = await runCommand(command, { cwd, timeoutMs: 300 });
  expect(result).toMatchObject({ exitCode: null, timedOut: true });
  expect(await isAlive(Number(result.output))).toBe(false);
});

test("what a command leaves in the background ends with it, and does not hold it up", async () => {
  const started = performance.now();
  const result = await runCommand("sleep 60 & echo $!", { cwd, timeoutMs: 30_000 });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(result.exitCode).toBe(0);
  expect(await isAlive(Number(result.output))).toBe(false);
});

test("an abort kills at once, also one that came before", async () => {
  const abort = new AbortController();
  const running = runCommand("echo ready; sleep 60", {
    cwd,
    timeoutMs: 30_000,
    signal: abort.signal,
    onOutput: () => abort.abort(),
  });
  expect(await running).toMatchObject({ exitCode: null, timedOut: false, output: "ready\n" });
  const late = await runCommand("sleep 60", { cwd, timeoutMs: 30_000, signal: abort.signal });
  expect(late.exitCode).toBeNull();
});

test("capped output keeps everything that fits", () => {
  const output = new CappedOutput();
  for (const part of ["a".repeat(11_999), "bc", "d".repeat(17_999)]) output.push(part);
  expect(output.text()).toBe(`${"a".repeat(11_999)}bc${"d".repeat(17_999)}`);
  output.push("e");
  expect(output.text()).toContain("b\n[... 1 characters left out ...]\nd");
});

test("a long list ends with what was left out and what to do", () => {
  expect(firstLines(["a", "b"], 2, "narrow it")).toBe("a\nb");
  expect(firstLines(["a", "b", "c"], 1, "narrow it")).toBe("a\n[... 2 more; narrow it]");
});
