import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const LOG = fileURLToPath(new URL("../../src/log.ts", import.meta.url));

/** A process whose log nobody needs to read; `body` may use `log` and `said`. */
function logging(body: string): ChildProcessByStdio<null, Readable, Readable> {
  const program = `
    import { createLogger } from ${JSON.stringify(LOG)};
    const log = createLogger("info", (line) => line);
    const said = (word) => new Promise((done) => process.stdout.write(word + "\\n", done));
    ${body}`;
  const quiet = "--disable-warning=ExperimentalWarning";
  const child = spawn(process.execPath, [quiet, "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("F47: when the reader of the log goes away the app goes on", async () => {
  const child = logging(`
    for (let n = 0; n < 50; n++) {
      log.info({ n }, "a line");
      await new Promise((done) => setImmediate(done));
    }
    await said("still here");`);
  child.stderr.destroy();
  const [told, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect([told, code, signal]).toEqual(["still here\n", 0, null]);
});

test("F47: a reader that does not read blocks nothing and is told how much it missed", async () => {
  const child = logging(`
    const long = "x".repeat(100_000);
    for (let n = 0; n < 100; n++) log.info({ n, long }, "a line");
    await said(String(process.stderr.writableLength));
    const look = setInterval(() => {
      if (process.stderr.writableLength > 0) return;
      clearInterval(look);
      log.info({}, "the last line");
    }, 5);`);
  const [waiting] = (await once(child.stdout, "data")) as [Buffer];
  expect(Number(String(waiting))).toBeGreaterThan(4_000_000);
  expect(Number(String(waiting))).toBeLessThan(5_000_000);
  const lines = (await text(child.stderr)).trimEnd().split("\n");
  const entries = lines.map((line) => JSON.parse(line) as { n?: number; missed?: number });
  const kept = entries.filter(({ n }) => n !== undefined).length;
  expect(kept).toBeGreaterThan(40);
  expect(entries.at(-2)).toMatchObject({ level: 40, missed: 100 - kept });
  expect(entries.at(-1)).toMatchObject({ msg: "the last line" });
}, 60_000);
