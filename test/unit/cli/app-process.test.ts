import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startAppProcess } from "../../../src/cli/demo/app-process.ts";

/** Runs a made-up app until it is refused; gives the reason and how often it was started again. */
async function untilRefused(program: string): Promise<{ reason: string; restarts: number }> {
  const folder = mkdtempSync(join(tmpdir(), "demo-app-"));
  const entry = join(folder, "app.mjs");
  writeFileSync(entry, program);
  const refused = Promise.withResolvers<string>();
  let restarts = 0;
  const app = startAppProcess({
    entry,
    env: {},
    onMessage: (message) => {
      if (message.type === "refused") refused.resolve(message.reason);
    },
    onRestart: () => {
      restarts += 1;
    },
  });
  const reason = await refused.promise;
  await app.stop();
  rmSync(folder, { recursive: true });
  return { reason, restarts };
}

test("An app that always ends before it is ready is given up, with its exit code", async () => {
  const { reason, restarts } = await untilRefused("process.exit(3)");
  expect(restarts).toBe(3);
  expect(reason).toMatch(/ended 4 times before it was ready \(last exit code 3\)/);
});

test("An app that was ready may die any number of times", async () => {
  const program = `import { appendFileSync, readFileSync } from "node:fs";
const file = new URL("lives", import.meta.url);
appendFileSync(file, "x");
const lives = readFileSync(file, "utf8").length;
if (lives > 6) process.exit(9);
process.send({ type: "ready", url: "http://127.0.0.1", jailed: true }, () => process.exit(1));`;
  const { restarts } = await untilRefused(program);
  // Six lives that were ready, then four that were not.
  expect(restarts).toBe(9);
});
